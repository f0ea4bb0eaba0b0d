/**
 * Durable sessions on disk: what each loop writes down goes to one committer as a batch per iteration, and is read back when
 * the node starts and when a client returns.
 *
 * <pre>
 *   family         key                                     value
 *   session        number                                  client, expiry, since when without a connection
 *   subscription   number, topic filter                    options, where its retained messages go on
 *   progress       number                                  how far the client has come with its messages
 *   intake         number, packet identifier               what a QoS 2 message of the client is published as
 *   will           number, connection number               the will of that connection
 *   message        record number                           the messages of one batch, and who wants them
 *   had            identity of a message, loop             sessions that had it, while its publisher may send it again
 * </pre>
 */
@NullMarked
package io.meridianmq.broker.store;

import org.jspecify.annotations.NullMarked;
