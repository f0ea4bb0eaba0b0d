/** The rules of the house that a compiler does not check: who may depend on whom, what the cores do without, what the documents name. */
@NullMarked
package io.meridianmq.architecture;

import org.jspecify.annotations.NullMarked;
