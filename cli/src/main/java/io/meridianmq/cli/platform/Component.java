package io.meridianmq.cli.platform;

import io.meridianmq.core.place.Place;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** One process that a local platform consists of, and the loopback ports it listens on. */
sealed interface Component {

    /** The address that everything on a local platform listens on. */
    String LOOPBACK = "127.0.0.1";

    Kind kind();

    /** What it serves; several kinds of process may serve the same place. */
    Place place();

    /** The port that others use it by. */
    int port();

    /** Every port it listens on. */
    List<Integer> ports();

    /** Port of its HTTP server with health and metrics. */
    int httpPort();

    /** Unique name, in file names and for {@code logs}: its place, with the program's name before it if not Meridian's. */
    default String name() {
        return switch (kind()) {
            case ETCD, HAPROXY -> kind() + "-" + place();
            case WAN_PROXY -> kind().toString();
            case GLOBAL_CONTROL, REGION_GATEWAY, ZONE_GATEWAY, NODE -> place().toString();
        };
    }

    /** Answers 200 when the process is ready to do its work. */
    default URI readiness() {
        return URI.create(
                "http://" + LOOPBACK + ":" + httpPort() + (kind() == Kind.ETCD ? "/health" : "/health/ready"));
    }

    default URI metrics() {
        return URI.create("http://" + LOOPBACK + ":" + httpPort() + "/metrics");
    }

    static String loopback(int port) {
        return LOOPBACK + ":" + port;
    }

    /** An etcd of one member, for a region or for the whole platform. */
    record Etcd(Place place, int port, int peerPort) implements Component {
        @Override
        public Kind kind() {
            return Kind.ETCD;
        }

        @Override
        public List<Integer> ports() {
            return List.of(port, peerPort);
        }

        @Override
        public int httpPort() {
            return port;
        }
    }

    /**
     * What slows down the network between regions: links that lead to a region from beyond it pass through.
     *
     * @param delay one way
     * @param ways one for each region
     */
    record WanProxy(Duration delay, List<Way> ways, int httpPort) implements Component {

        /**
         * The way to one region's gateway.
         *
         * @param port where it begins
         */
        record Way(RegionGateway gateway, int port) {}

        public WanProxy {
            ways = List.copyOf(ways);
        }

        @Override
        public Kind kind() {
            return Kind.WAN_PROXY;
        }

        @Override
        public Place place() {
            return Place.GLOBAL;
        }

        @Override
        public int port() {
            return ways.getFirst().port();
        }

        @Override
        public List<Integer> ports() {
            return Stream.concat(ways.stream().map(Way::port), Stream.of(httpPort))
                    .toList();
        }
    }

    /** A process of Meridian itself. */
    sealed interface Deployable extends Component {
        int linkPort();

        /** Maximum heap in MB. */
        default int heapMb() {
            return switch (this) {
                case GlobalControl _ -> 160;
                case RegionGateway _, ZoneGateway _ -> 128;
                case Node _ -> 256;
            };
        }

        default String mainClass() {
            return switch (this) {
                case GlobalControl _ -> "io.meridianmq.control.Main";
                case RegionGateway _ -> "io.meridianmq.gateway.region.Main";
                case ZoneGateway _ -> "io.meridianmq.gateway.zone.Main";
                case Node _ -> "io.meridianmq.broker.Main";
            };
        }
    }

    /** global-control; its port serves the admin API. */
    record GlobalControl(int port, int linkPort, int httpPort, int consolePort) implements Deployable {

        /** Where a browser finds the console. */
        URI console() {
            return URI.create("http://" + LOOPBACK + ":" + consolePort + "/");
        }

        @Override
        public Kind kind() {
            return Kind.GLOBAL_CONTROL;
        }

        @Override
        public Place place() {
            return Place.GLOBAL;
        }

        @Override
        public List<Integer> ports() {
            return List.of(port, linkPort, httpPort, consolePort);
        }
    }

    /** The gateway of a region; its port takes links. */
    record RegionGateway(Place place, int linkPort, int httpPort) implements Deployable {
        @Override
        public Kind kind() {
            return Kind.REGION_GATEWAY;
        }

        @Override
        public int port() {
            return linkPort;
        }

        @Override
        public List<Integer> ports() {
            return List.of(linkPort, httpPort);
        }
    }

    /** The gateway of a zone; its port takes links. */
    record ZoneGateway(Place place, int linkPort, int httpPort) implements Deployable {
        @Override
        public Kind kind() {
            return Kind.ZONE_GATEWAY;
        }

        @Override
        public int port() {
            return linkPort;
        }

        @Override
        public List<Integer> ports() {
            return List.of(linkPort, httpPort);
        }
    }

    /**
     * A broker node; its port takes MQTT behind the PROXY protocol, from the region's load balancer, and its direct port
     * takes it without, from whoever wants to talk to this very node.
     */
    record Node(Place place, int port, int linkPort, int httpPort, int directPort) implements Deployable {
        @Override
        public Kind kind() {
            return Kind.NODE;
        }

        @Override
        public List<Integer> ports() {
            return List.of(port, linkPort, httpPort, directPort);
        }
    }

    /** HAProxy in the place of a region's network load balancer: its port is where devices connect. */
    record LoadBalancer(Place place, int port, int httpPort, List<Node> nodes) implements Component {
        public LoadBalancer {
            nodes = List.copyOf(nodes);
        }

        @Override
        public Kind kind() {
            return Kind.HAPROXY;
        }

        @Override
        public List<Integer> ports() {
            return List.of(port, httpPort);
        }
    }
}
