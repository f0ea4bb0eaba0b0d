package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.place.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLinesTest {

    private static final Place NODE = Place.node("us-east", "a", "1");

    @TempDir
    private Path folder;

    @Test
    void javaOptionsComeAfterOurOwnAndBeforeTheClass() {
        var lines = new CommandLines(
                new JavaRuntime(List.of("java"), UnaryOperator.identity()),
                new DataFolder(folder),
                Map.of(NODE, 5005),
                List.of("-Xmx64m", "-Xint"));
        for (var component : Layout.of(Shape.DEFAULT, RunningEtcd.NONE).components()) {
            if (component instanceof Component.Deployable deployable) {
                var line = lines.of(component);
                var heap = line.indexOf("-Xmx" + deployable.heapMb() + "m");
                assertThat(heap).isPositive();
                assertThat(line.indexOf("-Xmx64m")).isGreaterThan(heap);
                assertThat(line.indexOf(deployable.mainClass())).isEqualTo(line.indexOf("-Xint") + 1);
                assertThat(line.stream().anyMatch(flag -> flag.startsWith("-agentlib:jdwp")))
                        .isEqualTo(deployable.place().equals(NODE));
            }
        }
    }
}
