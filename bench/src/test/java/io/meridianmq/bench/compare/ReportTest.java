package io.meridianmq.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs become tables and plots. */
class ReportTest {

    private static final Report REPORT = new Report(List.of(
            run(Peer.MERIDIAN, 1, 1.0, ""),
            run(Peer.MERIDIAN, 2, 1.05, ""),
            run(Peer.MERIDIAN, 3, 0.9, "\"3 lost\""),
            run(Peer.MOSQUITTO, 1, 4.0, ""),
            run(Peer.MOSQUITTO, 2, 6.0, ""),
            run(Peer.MOSQUITTO, 3, 5.0, "")));

    @Test
    void tellsMediansSharesAndFailures() {
        assertThat(REPORT.markdown())
                .contains("### 50 publishers to 1 subscriber")
                .contains("| Meridian | 1.00 |")
                .contains("| 0.20 | 3, of which failed 1: 3 lost |")
                .contains("at most 0.18 of Mosquitto's CPU");
    }

    @Test
    void tellsARangeWhereRoundsDifferByMoreThanAFifth() {
        assertThat(Figure.of(new double[] {4, 6, 5})).hasToString("5.00 (4.00 to 6.00)");
        assertThat(Figure.of(new double[] {1000, 1050, 1100})).hasToString("1,050");
        assertThat(Figure.of(new double[] {1, Double.NaN})).hasToString("1.00");
        assertThat(Figure.of(new double[] {Double.NaN})).hasToString("-");
    }

    @Test
    void keepsARunAsALine() {
        var run = run(Peer.RELAY, 7, 0.5, "");
        assertThat(Run.parse(run.toLine())).isEqualTo(run);
        assertThat(run.toLine()).doesNotContain("\n");
    }

    @Test
    void writesEveryRunAsALineOfFigures() {
        assertThat(REPORT.csv().lines())
                .hasSize(7)
                .contains("fan-in,Meridian,3,0.900,1000.000,50.000,99.000,NaN,NaN,1000.000,NaN,NaN,1");
    }

    @Test
    void drawsAPlotOfEachLoad(@TempDir Path folder) throws IOException {
        Plots.write(REPORT, folder);
        assertThat(ImageIO.read(folder.resolve("fan-in.png").toFile()).getWidth())
                .isPositive();
    }

    private static Run run(Peer peer, int round, double cpu, String failures) {
        var result = """
                {"brokerCpuMicrosPerDelivery": %s, "perSecond": 1000.0, "latency": {"p50Micros": 50, "p99Micros": 99},
                 "failures": [%s]}
                """.formatted(cpu, failures);
        return new Run(
                peer.title(), "fan-in", round, JsonParser.parseString(result).getAsJsonObject());
    }
}
