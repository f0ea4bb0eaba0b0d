/**
 * The directory: who is alive, and where.
 *
 * <p>{@link io.meridianmq.fabric.directory.EtcdDirectory} keeps it in an etcd cluster, the region's or the global one;
 * {@link io.meridianmq.fabric.directory.StaticDirectory} is a fixed list for a broker that serves alone.
 *
 * <p>etcd holds one key per component, bound to the lease of its process ({@code directory.proto} in the proto module has
 * the layout). {@code MemberTable} decides what a view contains and {@code EtcdConnection} talks to etcd; the thread of
 * {@code EtcdDirectory} connects the two.
 */
@NullMarked
package io.meridianmq.fabric.directory;

import org.jspecify.annotations.NullMarked;
