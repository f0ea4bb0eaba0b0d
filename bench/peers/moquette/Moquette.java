import io.moquette.broker.Server;
import java.util.Properties;

/** Starts Moquette without its store: arguments are the port and a folder. Run from its source. */
final class Moquette {

    private Moquette() {}

    public static void main(String[] arguments) throws Exception {
        var settings = new Properties();
        settings.setProperty("host", "127.0.0.1");
        settings.setProperty("port", arguments[0]);
        settings.setProperty("data_path", arguments[1]);
        settings.setProperty("allow_anonymous", "true");
        settings.setProperty("persistence_enabled", "false");
        // Its default of 1,024 drops messages under the loads of the comparison.
        settings.setProperty("session_queue_size", "65536");
        settings.setProperty("telemetry_enabled", "false");
        new Server().startServer(settings);
        Thread.currentThread().join();
    }
}
