@NullMarked
package io.meridianmq.broker.store;

import org.jspecify.annotations.NullMarked;
