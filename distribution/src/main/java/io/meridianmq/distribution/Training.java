package io.meridianmq.distribution;

import io.meridianmq.cli.Main;

/**
 * The run that the AOT cache is made from: it loads and links what Meridian's processes use while they start.
 *
 * <p>The JVM records every class that this run loads; with the cache each process starts in a fraction of the time. The
 * build runs it once, with the flags of the distribution; it exits with 0 when every part worked.
 */
final class Training {

    private Training() {}

    static void main() {
        Main.commandLine().execute("--help");
        Main.commandLine().execute("--version");
    }
}
