package io.meridianmq.cli.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder that holds everything of one local platform: {@code config/}, {@code logs/}, {@code data/} with one file or
 * folder for each process, {@code tls/} with certificates, and {@code platform.json} with what was started.
 *
 * @param root its absolute path
 */
record DataFolder(Path root) {

    /** Where a packaged distribution lies in the source checkout that it was built in, and the way back. */
    private static final Path IN_CHECKOUT = Path.of("distribution", "target", "meridian");

    private static final Path TO_CHECKOUT = Path.of("..", "..", "..");

    public DataFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** {@code .meridian}: in the source checkout that this process was started from, else in the user's home. */
    static DataFolder standard() {
        var distribution = Path.of(System.getProperty("meridian.home", ""));
        var parent = distribution.endsWith(IN_CHECKOUT)
                ? distribution.resolve(TO_CHECKOUT)
                : Path.of(System.getProperty("user.home"));
        return new DataFolder(parent.resolve(".meridian"));
    }

    Path stateFile() {
        return root.resolve("platform.json");
    }

    Path lockFile() {
        return root.resolve("platform.lock");
    }

    Path config(Component component) {
        var suffix = switch (component.kind()) {
            case HAPROXY -> ".cfg";
            case ETCD, WAN_PROXY, GLOBAL_CONTROL, REGION_GATEWAY, ZONE_GATEWAY, NODE -> ".yaml";
        };
        return withParent(root.resolve("config").resolve(component.name() + suffix));
    }

    Path log(Component component) {
        return withParent(root.resolve("logs").resolve(component.name() + ".log"));
    }

    /** What an {@code up} says that runs in the background. */
    Path upLog() {
        return withParent(root.resolve("logs").resolve("meridian-up.log"));
    }

    /** Where the process keeps its data. Gateways and nodes get a folder beside, not inside, that of their parent. */
    Path data(Component component) {
        return withParent(root.resolve("data").resolve(component.name().replace('/', '.')));
    }

    /** Certificate of the authority of the platform. */
    Path authority() {
        return root.resolve("tls").resolve("authority.pem");
    }

    Path authorityKey() {
        return authority().resolveSibling("authority.key");
    }

    /** What the process proves itself with. */
    Path certificate(Component component) {
        return root.resolve("tls").resolve("place").resolve(component.name().replace('/', '.') + ".pem");
    }

    Path key(Component component) {
        return certificate(component).resolveSibling(component.name().replace('/', '.') + ".key");
    }

    /** What this command proves itself with. */
    Path operatorCertificate() {
        return root.resolve("tls").resolve("operator").resolve("local.pem");
    }

    Path operatorKey() {
        return operatorCertificate().resolveSibling("local.key");
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private static Path withParent(Path file) {
        var folder = file.resolveSibling("");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the folder " + folder, e);
        }
        return file;
    }
}
