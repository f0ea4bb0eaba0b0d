package io.meridianmq.cli.bench.wire;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Where connections come from. One address has some 28,000 ports for one destination; when there are more clients of a
 * broker on this machine, others of the loopback network (127.0.0.1, 127.0.0.2 ...) take the next ones.
 */
public final class LocalAddresses {

    /** Clients of one address. */
    public static final int CLIENTS_OF_ADDRESS = 25_000;

    private static final int OCTET = 256;

    private final boolean areSeveral;

    /**
     * For the clients of one broker.
     *
     * @param clients how many there will be, or will have been within a minute
     */
    public LocalAddresses(InetSocketAddress broker, int clients) {
        this.areSeveral = clients > CLIENTS_OF_ADDRESS
                && broker.getAddress() instanceof Inet4Address address
                && address.isLoopbackAddress();
    }

    /** Where a client is to come from, or empty if that is for the system to choose. */
    public Optional<InetSocketAddress> of(int client) {
        if (!areSeveral) {
            return Optional.empty();
        }
        var number = client / CLIENTS_OF_ADDRESS + 1;
        try {
            var address = InetAddress.getByAddress(new byte[] {127, 0, (byte) (number / OCTET), (byte) number});
            return Optional.of(new InetSocketAddress(address, 0));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of four bytes is one", e);
        }
    }
}
