/**
 * The console: a page that shows the platform live.
 *
 * <p>{@link io.meridianmq.control.console.Console} serves the page, a stream of {@link
 * io.meridianmq.control.console.Snapshot snapshots} once a second, and the details of one component on demand. The page
 * draws; nothing is drawn here.
 */
@NullMarked
package io.meridianmq.control.console;

import org.jspecify.annotations.NullMarked;
