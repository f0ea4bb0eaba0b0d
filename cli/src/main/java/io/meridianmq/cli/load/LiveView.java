package io.meridianmq.cli.load;

import java.io.PrintStream;

/** One block of lines on a terminal that is written over every second. */
final class LiveView implements FleetView {

    /** Before a count and a letter: the terminal moves its cursor. */
    private static final String CURSOR = "\u001b[";

    private static final String CLEAR_LINE = "\u001b[K";

    private final FleetSettings settings;
    private final PrintStream out;
    private int linesShown;

    LiveView(FleetSettings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    @Override
    public void show(Figures figures) {
        var text = new StringBuilder();
        if (linesShown > 0) {
            text.append(CURSOR).append(linesShown).append('A');
        }
        var lines = FiguresText.block(settings, figures);
        lines.forEach(line -> text.append(line).append(CLEAR_LINE).append('\n'));
        linesShown = lines.size();
        out.print(text);
        out.flush();
    }

    @Override
    public void show(Account account) {
        out.print(AccountText.of(account));
        out.flush();
    }
}
