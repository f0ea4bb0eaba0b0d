package io.meridianmq.cli;

import io.meridianmq.fabric.access.PasswordFile;
import io.meridianmq.fabric.access.Passwords;
import io.meridianmq.fabric.access.RefusedFileException;
import io.meridianmq.fabric.access.ScramVerifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code meridian passwd}. */
@Command(
        name = "passwd",
        header = "Create, update and delete the users of a node's password file.",
        description = {
            "The file is the one that access.passwords of a node names. A running node takes",
            "it over by itself, within two seconds. It is replaced at once and for its owner",
            "alone (mode 600)."
        },
        mixinStandardHelpOptions = true,
        subcommands = {Passwd.Create.class, Passwd.Update.class, Passwd.Delete.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the file cannot be used, or the user is (not) there", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian passwd create alice --file passwords",
            "  A device with a long random password:",
            "    openssl rand -hex 16 > secret",
            "    ./meridian passwd create meter-7 --file passwords --batch \\",
            "      --iterations 4096 < secret",
            "  ./meridian passwd delete alice --file passwords"
        })
final class Passwd {

    private static final String EXIT_CODES = "%nExit codes:%n";

    /** Which user of which file is meant. */
    private static final class Entry {

        @Parameters(paramLabel = "USER", description = "User name.")
        private String user = "";

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                required = true,
                description = "The password file; created with its first user.")
        private Path file = Path.of("passwords");

        /** @throws RefusedFileException unless the user is, or is not, there as {@code expected} */
        private PasswordFile open(boolean expected) throws RefusedFileException {
            var passwords = new PasswordFile(file);
            if (passwords.has(user) != expected) {
                throw new RefusedFileException(
                        file,
                        expected
                                ? "has no user \"" + user + "\": meridian passwd create adds one"
                                : "has a user \"" + user + "\" already: meridian passwd update changes the password");
            }
            return passwords;
        }
    }

    /** What the new password is, and how it is kept. */
    private static final class NewPassword {

        @Option(
                names = "--batch",
                description =
                        "Read the password from the first line of standard input, instead of asking for it twice.")
        private boolean batch;

        @Option(
                names = "--iterations",
                paramLabel = "N",
                defaultValue = "" + ScramVerifier.ITERATIONS_DEFAULT,
                description = {
                    "How slow it is to try a password, 4096 to 10000000. Default: ${DEFAULT-VALUE}.",
                    "4096 is enough for a password that is long and random."
                })
        private int iterations;

        @Spec(Spec.Target.MIXEE)
        private @Nullable CommandSpec command;

        private ScramVerifier verifier(String user) {
            try {
                Passwords.requireName(user);
                return ScramVerifier.of(batch ? firstLine() : typed(), iterations, new SecureRandom());
            } catch (IllegalArgumentException e) {
                if (command == null) {
                    throw e;
                }
                throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
            }
        }

        private static String firstLine() {
            try {
                // Not closed: standard input is not ours.
                var line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
                return line == null ? "" : line;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the password from standard input", e);
            }
        }

        @SuppressWarnings("SystemConsoleNull") // It is null again since Java 25 where there is no terminal.
        private static String typed() {
            var console = System.console();
            if (console == null || !console.isTerminal()) {
                throw new IllegalArgumentException(
                        "there is no terminal to ask for the password: give it on standard input, with --batch");
            }
            return typedTwice(question -> {
                var answer = console.readPassword("%s", question);
                return answer == null ? new char[0] : answer;
            });
        }
    }

    private Passwd() {}

    /**
     * Asks until both answers are the same, three times at most.
     *
     * @throws IllegalArgumentException if they never were
     */
    static String typedTwice(Function<String, char[]> ask) {
        for (var attempt = 0; attempt < 3; attempt++) {
            var first = new String(ask.apply("Password: "));
            if (first.equals(new String(ask.apply("The same again: ")))) {
                return first;
            }
            System.err.println("These are different.");
        }
        throw new IllegalArgumentException("the password was not typed twice in the same way: nothing is changed");
    }

    @Command(
            name = "create",
            header = "Add a user.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:added", "1:there is such a user, or the file cannot be used", "2:wrong usage"})
    static final class Create implements Callable<Integer> {

        @Mixin
        private Entry entry = new Entry();

        @Mixin
        private NewPassword password = new NewPassword();

        @Override
        public Integer call() throws RefusedFileException {
            put(entry, password, false);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "update",
            header = "Change a user's password.",
            description = "Connections that the user has are ended, since they were made with the old one.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:changed", "1:there is no such user, or the file cannot be used", "2:wrong usage"})
    static final class Update implements Callable<Integer> {

        @Mixin
        private Entry entry = new Entry();

        @Mixin
        private NewPassword password = new NewPassword();

        @Override
        public Integer call() throws RefusedFileException {
            put(entry, password, true);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "delete",
            header = "Remove a user.",
            description = "Connections that the user has are ended.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:removed", "1:there is no such user, or the file cannot be used", "2:wrong usage"})
    static final class Delete implements Callable<Integer> {

        @Mixin
        private Entry entry = new Entry();

        @Override
        public Integer call() throws RefusedFileException {
            var file = entry.open(true);
            file.remove(entry.user);
            System.out.println("user \"" + entry.user + "\" is removed from " + entry.file);
            return ExitCode.OK;
        }
    }

    private static void put(Entry entry, NewPassword password, boolean isThere) throws RefusedFileException {
        var file = entry.open(isThere);
        var verifier = password.verifier(entry.user);
        file.put(entry.user, verifier);
        System.out.println(
                "user \"" + entry.user + "\" " + (isThere ? "has a new password" : "is added") + " in " + entry.file);
    }
}
