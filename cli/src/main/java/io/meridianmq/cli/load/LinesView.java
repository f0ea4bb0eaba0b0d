package io.meridianmq.cli.load;

import java.io.PrintStream;

/** One line a second, for whatever is not a terminal. */
final class LinesView implements FleetView {

    private final FleetSettings settings;
    private final PrintStream out;

    LinesView(FleetSettings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    @Override
    public void show(Figures figures) {
        out.println(FiguresText.line(settings, figures));
    }

    @Override
    public void show(Account account) {
        out.print(AccountText.of(account));
        out.flush();
    }
}
