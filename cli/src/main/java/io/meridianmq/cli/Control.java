package io.meridianmq.cli;

import io.meridianmq.cli.platform.AdminOption;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What commands have in common that ask global-control: options, and one line when there is no answer. */
final class Control {

    @Mixin
    private AdminOption admin = new AdminOption();

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Spec(Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** Whether the output is for a program. */
    boolean json() {
        return json;
    }

    /**
     * Asks, and says in one line if that fails.
     *
     * @param work asks and prints; returns the exit code
     */
    int ask(ToIntFunction<AdminClient> work) {
        try (var client = new AdminClient(admin.endpoint())) {
            return work.applyAsInt(client);
        } catch (AdminClient.Failed e) {
            System.err.println(command.qualifiedName() + ": " + e.getMessage());
            return e.exitCode();
        }
    }
}
