package io.meridianmq.cli.platform;

import io.meridianmq.core.place.Place;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * etcd servers that run already and are used instead of starting one.
 *
 * @param addresses {@code host:port} by the place it serves: a region, or the whole platform
 */
record RunningEtcd(Map<Place, String> addresses) {

    /** Every etcd is started. */
    static final RunningEtcd NONE = new RunningEtcd(Map.of());

    private static final Pattern ADDRESS = Pattern.compile("[^\\s:/]+:[0-9]{1,5}");

    public RunningEtcd {
        addresses = Map.copyOf(addresses);
        for (var address : addresses.values()) {
            if (!ADDRESS.matcher(address).matches()) {
                throw new IllegalArgumentException("\"" + address + "\" is not an etcd address: expected host:port");
            }
        }
    }

    Optional<String> of(Place place) {
        return Optional.ofNullable(addresses.get(place));
    }
}
