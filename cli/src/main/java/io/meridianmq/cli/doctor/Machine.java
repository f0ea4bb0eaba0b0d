package io.meridianmq.cli.doctor;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What the kernel tells about this machine and this process.
 *
 * @param root {@code /}, or a folder with files like those below it
 */
record Machine(Path root) {

    private static final String UNLIMITED = "unlimited";
    private static final int TEXT_BYTES_MAX = 16 << 10;

    /** The text of a file, without white space around it; empty if it cannot be read. */
    Optional<String> text(String file) {
        try (var in = Files.newInputStream(root.resolve(file.substring(1)))) {
            // In one read: the kernel tells a setting to the first one alone, and Files.readString begins with a byte.
            var bytes = new byte[TEXT_BYTES_MAX];
            var length = Math.max(0, in.read(bytes));
            return Optional.of(new String(bytes, 0, length, StandardCharsets.UTF_8).strip());
        } catch (IOException _) {
            return Optional.empty(); // A kernel without this setting, or a container that hides it.
        }
    }

    /** The numbers of a kernel setting; none if it does not exist here. */
    List<Long> numbers(Sysctl sysctl) {
        return words(sysctl.file()).filter(Machine::isNumber).map(Long::valueOf).toList();
    }

    /** How many file descriptors this process, and so a broker started beside it, may open. */
    OptionalLong openFiles() {
        return text("/proc/self/limits").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.replaceAll(" +", " ").split(" ", -1)[3])
                .mapToLong(soft -> soft.equals(UNLIMITED) ? Long.MAX_VALUE : Long.parseLong(soft))
                .findFirst();
    }

    /** Memory, in MB. */
    OptionalLong memoryMb() {
        return kilobytes("MemTotal:");
    }

    /** Swap space, in MB. */
    OptionalLong swapMb() {
        return kilobytes("SwapTotal:");
    }

    private OptionalLong kilobytes(String name) {
        return text("/proc/meminfo").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(kilobytes -> Long.parseLong(kilobytes) / 1024)
                .findFirst();
    }

    private Stream<String> words(String file) {
        return text(file).stream().flatMap(text -> Arrays.stream(text.split("\\s+", -1)));
    }

    private static boolean isNumber(String word) {
        return word.matches("[0-9]{1,19}") && new BigInteger(word).bitLength() < Long.SIZE;
    }
}
