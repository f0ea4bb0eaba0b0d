/**
 * Who a client is and what it may do. Decisions are pure and quick, and taken on the connection's loop; what is slow on
 * purpose, checking a password, runs elsewhere, a bounded number at a time.
 *
 * <p>{@link io.meridianmq.broker.access.Access} is the entrance.
 */
@NullMarked
package io.meridianmq.broker.access;

import org.jspecify.annotations.NullMarked;
