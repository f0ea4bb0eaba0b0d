/**
 * Who sent what, who was told that it arrived, and who got it: exact for every message, in memory that does not grow with
 * the number of messages.
 *
 * <p>{@link io.meridianmq.cli.load.account.Ledger} is the way in. No threads, sockets or clocks here: time comes in.
 */
@NullMarked
package io.meridianmq.cli.load.account;

import org.jspecify.annotations.NullMarked;
