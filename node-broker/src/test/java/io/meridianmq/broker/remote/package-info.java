@NullMarked
package io.meridianmq.broker.remote;

import org.jspecify.annotations.NullMarked;
