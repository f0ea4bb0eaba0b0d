@NullMarked
package io.meridianmq.broker.loop;

import org.jspecify.annotations.NullMarked;
