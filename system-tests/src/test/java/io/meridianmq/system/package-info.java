/** The platform as its users have it: the packaged processes on this machine, and MQTT clients that others wrote. */
@NullMarked
package io.meridianmq.system;

import org.jspecify.annotations.NullMarked;
