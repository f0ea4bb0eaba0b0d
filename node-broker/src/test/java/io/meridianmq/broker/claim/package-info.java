@NullMarked
package io.meridianmq.broker.claim;

import org.jspecify.annotations.NullMarked;
