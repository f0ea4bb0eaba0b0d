/** What operators do to a running node: settings of the platform, draining, looking at its clients. */
@NullMarked
package io.meridianmq.broker.admin;

import org.jspecify.annotations.NullMarked;
