package io.meridianmq.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meridianmq.system.LocalPlatform.Member;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test classes the one platform of the test run: two regions of two zones of two nodes, started when the first of
 * them asks, stopped after the last. Tests leave it as they found it.
 */
final class SharedPlatform implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(SharedPlatform.class);

    private record Running(LocalPlatform platform) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            var restarted = restarted();
            var logs = restarted.isEmpty() ? "" : platform.logTails();
            for (var kind : List.of("global-control", "region-gateway", "zone-gateway", "node")) {
                Figures.add(
                        "resident memory at the end, each " + kind,
                        platform.deployables().stream()
                                .filter(member -> member.kind().equals(kind))
                                .map(member -> String.valueOf(member.residentMb()))
                                .collect(Collectors.joining(", ", "", " MB")));
            }
            platform.close();
            Figures.print();
            if (!restarted.isEmpty()) {
                throw new IllegalStateException("processes ended during the tests: " + restarted + "\n" + logs);
            }
        }

        private List<Member> restarted() throws IOException {
            try {
                return platform.members().stream()
                        .filter(member -> member.restarts() > 0)
                        .toList();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the platform was asked", e);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalPlatform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        requirePrograms();
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Running.class, _ -> start(), Running.class)
                .platform();
    }

    /** Skips the test if a program is absent that a platform or a test starts. */
    static void requirePrograms() {
        for (var program : List.of("etcd", "haproxy", "mosquitto_pub", "mosquitto_sub")) {
            assumeTrue(CommandLine.isInstalled(program), program + " is not installed");
        }
    }

    private static Running start() {
        try {
            return new Running(LocalPlatform.start(List.of()));
        } catch (IOException e) {
            throw new IllegalStateException("the platform did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the platform started", e);
        }
    }
}
