@NullMarked
package io.meridianmq.broker.session;

import org.jspecify.annotations.NullMarked;
