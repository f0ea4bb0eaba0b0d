package io.meridianmq.cli;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who changes the platform's settings and what for: options of every command that does. */
final class Authorship {

    @Option(
            names = {"-m", "--comment"},
            paramLabel = "TEXT",
            description = "What the change is for, kept in the history.")
    private String comment = "";

    @Option(
            names = "--author",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = {
                "Who makes it, kept in the history. Default: ${DEFAULT-VALUE}.",
                "An operator's certificate goes first."
            })
    private String author = "";

    @Option(
            names = "--expect",
            paramLabel = "VERSION",
            description = "Refuse the change unless this version is in force.")
    private @Nullable Long expected;

    String comment() {
        return comment;
    }

    String author() {
        return author;
    }

    OptionalLong expected() {
        return expected == null ? OptionalLong.empty() : OptionalLong.of(expected);
    }
}
