package io.meridianmq.cli.bench;

import java.io.PrintStream;

/** Says every second how it goes. */
final class Progress {

    private final PrintStream out;

    Progress(PrintStream out) {
        this.out = out;
    }

    void say(String line) {
        out.println(line);
    }
}
