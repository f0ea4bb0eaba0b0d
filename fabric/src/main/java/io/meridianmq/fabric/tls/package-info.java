/**
 * Who a process is, proved by a certificate, and connections that both ends prove themselves on.
 *
 * <p>{@link io.meridianmq.fabric.tls.Credentials} are what one process has; {@link
 * io.meridianmq.fabric.tls.TransportSecurity} makes gRPC use them; {@link io.meridianmq.fabric.tls.Authority} makes
 * certificates for a platform on one machine.
 */
@NullMarked
package io.meridianmq.fabric.tls;

import org.jspecify.annotations.NullMarked;
