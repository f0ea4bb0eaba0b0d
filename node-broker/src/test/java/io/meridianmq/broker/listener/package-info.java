@NullMarked
package io.meridianmq.broker.listener;

import org.jspecify.annotations.NullMarked;
