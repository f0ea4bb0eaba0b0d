/**
 * What an operator sets for the whole platform while it runs: one versioned value, and what it says about topics between
 * regions.
 */
@NullMarked
package io.meridianmq.core.settings;

import org.jspecify.annotations.NullMarked;
