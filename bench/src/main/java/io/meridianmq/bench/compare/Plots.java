package io.meridianmq.bench.compare;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A plot per load. */
final class Plots {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final Font AXIS_TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 11);
    private static final double HUNDREDTHS = 100;

    private Plots() {}

    /**
     * Draws {@code LOAD.png} for each load, and replaces those that are there.
     *
     * @throws IOException if one cannot be written
     */
    static void write(Report report, Path folder) throws IOException {
        for (var load : report.loads()) {
            var metric = load.metrics().getFirst();
            BitmapEncoder.saveBitmap(
                    chart(report, load, metric), folder.resolve(load.name()).toString(), BitmapFormat.PNG);
        }
    }

    private static CategoryChart chart(Report report, Load load, Metric metric) {
        var chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(load.title())
                .yAxisTitle(metric.title() + " (less is better)")
                .build();
        chart.getStyler()
                .setLegendVisible(false)
                .setLegendPosition(LegendPosition.InsideNE)
                .setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setAxisTitleFont(AXIS_TITLE);
        var peers = report.peers(load).stream()
                .filter(peer -> report.figure(load, peer, metric).isKnown())
                .toList();
        var figures =
                peers.stream().map(peer -> report.figure(load, peer, metric)).toList();
        chart.addSeries(
                metric.title(),
                peers.stream().map(Peer::title).toList(),
                figures.stream().map(figure -> rounded(figure.median())).toList(),
                errors(figures));
        return chart;
    }

    /** To as many digits as the table shows, since each bar is labelled with its value. */
    private static double rounded(double value) {
        return Math.round(value * HUNDREDTHS) / HUNDREDTHS;
    }

    /** Half of what lies between the smallest and the largest round. */
    private static List<Double> errors(List<Figure> figures) {
        return figures.stream()
                .map(figure -> (figure.most() - figure.least()) / 2)
                .toList();
    }
}
