/** The command {@code meridian}: one class per subcommand. */
@NullMarked
package io.meridianmq.cli;

import org.jspecify.annotations.NullMarked;
