@NullMarked
package io.meridianmq.broker.access;

import org.jspecify.annotations.NullMarked;
