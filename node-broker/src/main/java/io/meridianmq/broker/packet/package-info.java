/** The control packets of MQTT 3.1, 3.1.1 and 5.0 as values, without a word about how they are written. */
@NullMarked
package io.meridianmq.broker.packet;

import org.jspecify.annotations.NullMarked;
