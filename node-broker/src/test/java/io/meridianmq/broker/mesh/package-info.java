@NullMarked
package io.meridianmq.broker.mesh;

import org.jspecify.annotations.NullMarked;
