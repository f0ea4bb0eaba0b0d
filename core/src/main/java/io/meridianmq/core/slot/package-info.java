/** Who owns which share of a zone's client identifiers and topics: the slot table, and how it changes. */
@NullMarked
package io.meridianmq.core.slot;

import org.jspecify.annotations.NullMarked;
