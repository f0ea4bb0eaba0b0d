/** The broker's own figures as messages. */
@NullMarked
package io.meridianmq.broker.sys;

import org.jspecify.annotations.NullMarked;
