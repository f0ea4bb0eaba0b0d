import com.hivemq.embedded.EmbeddedHiveMQ;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts HiveMQ CE with the config.xml in the folder that is the only argument. Run from its source. */
final class HiveMq {

    private HiveMq() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        var broker = EmbeddedHiveMQ.builder()
                .withConfigurationFolder(folder)
                .withDataFolder(Files.createDirectories(folder.resolve("data")))
                .withExtensionsFolder(Files.createDirectories(folder.resolve("extensions")))
                .build();
        broker.start().join();
        Thread.currentThread().join();
    }
}
