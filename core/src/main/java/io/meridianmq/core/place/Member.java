package io.meridianmq.core.place;

/**
 * One live component, as the directory lists it.
 *
 * <p>A node that starts is listed so that the others tell it what they want; nothing need wait for it, and nothing is given to
 * it, until it is in service. A node that is drained goes on serving whoever is connected, but asks them to leave: nothing new should be given to
 * it. What is drained starts undrained the next time.
 *
 * @param place what it serves; its {@linkplain Place#level() level} tells its kind: a node, a zone gateway, a region
 *     gateway or global-control
 * @param boot number of this start of the component, higher at every start
 * @param linkAddress {@code host:port} where it accepts links
 * @param clientAddress {@code host:port} where devices connect; empty for components without listeners
 * @param metricsAddress {@code host:port} of its HTTP port with metrics and health
 * @param starting whether it has yet to find out what the others want, and has no clients
 * @param draining whether it is on its way out of service
 */
public record Member(
        Place place,
        long boot,
        String linkAddress,
        String clientAddress,
        String metricsAddress,
        boolean starting,
        boolean draining) {

    /** A component that is in service. */
    public Member(Place place, long boot, String linkAddress, String clientAddress, String metricsAddress) {
        this(place, boot, linkAddress, clientAddress, metricsAddress, false, false);
    }

    /** The same component, at its start or in service. */
    public Member withStarting(boolean now) {
        return new Member(place, boot, linkAddress, clientAddress, metricsAddress, now, draining);
    }

    /** The same component, on its way out of service or back in it. */
    public Member withDraining(boolean now) {
        return new Member(place, boot, linkAddress, clientAddress, metricsAddress, starting, now);
    }

    /** The same component, as it is reached from elsewhere. */
    public Member withLinkAddress(String address) {
        return new Member(place, boot, address, clientAddress, metricsAddress, starting, draining);
    }

    /** This start of the component. */
    public Incarnation incarnation() {
        return new Incarnation(place, boot);
    }
}
