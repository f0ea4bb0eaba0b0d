@NullMarked
package io.meridianmq.fabric.access;

import org.jspecify.annotations.NullMarked;
