package io.meridianmq.cli.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How a Meridian process is started as a JVM of its own.
 *
 * @param command the Java launcher with the flags and the class path that every process shares
 * @param mainClass the class to start in place of the named one; the identity, outside tests
 */
record JavaRuntime(List<String> command, UnaryOperator<String> mainClass) {

    JavaRuntime {
        command = List.copyOf(command);
    }

    /**
     * The distribution that this process was started from, with its AOT cache.
     *
     * @throws PlatformException if this process was not started by the launch script
     */
    static JavaRuntime ofDistribution() {
        var configured = System.getProperty("meridian.home", "");
        var home = Path.of(configured);
        if (configured.isEmpty() || !Files.isReadable(home.resolve("java.args"))) {
            throw new PlatformException("the packaged distribution was not found (meridian.home is \"" + configured
                    + "\"): start this command with the script ./meridian");
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new JavaRuntime(
                List.of(
                        java.toString(),
                        "@" + home.resolve("java.args"),
                        "-XX:AOTCache=" + home.resolve("meridian.aot"),
                        "-Dmeridian.home=" + home,
                        "-cp",
                        home.resolve("lib/meridian.jar").toString()),
                UnaryOperator.identity());
    }

    /**
     * The command line that runs a program.
     *
     * @param program its main class
     * @param heapMb maximum heap in MB
     * @param flags further flags for its JVM
     * @param arguments for the program
     */
    List<String> commandLine(String program, int heapMb, List<String> flags, List<String> arguments) {
        var line = new ArrayList<>(command);
        line.add("-Xmx" + heapMb + "m");
        line.addAll(flags);
        line.add(mainClass.apply(program));
        line.addAll(arguments);
        return line;
    }
}
