package io.meridianmq.cli.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs that a local platform uses beside Java. */
final class Programs {

    /** What a program is called and which Debian package brings it. */
    enum Program {
        ETCD("etcd", "etcd-server"),
        HAPROXY("haproxy", "haproxy");

        private final String executable;
        private final String debianPackage;

        Program(String executable, String debianPackage) {
            this.executable = executable;
            this.debianPackage = debianPackage;
        }

        @Override
        public String toString() {
            return executable;
        }
    }

    private Programs() {}

    /** Where the program is: on the PATH, or where Debian puts servers, which is not on every user's PATH. */
    static Optional<Path> find(Program program) {
        var path = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"));
        return Stream.concat(path, Stream.of("/usr/sbin", "/usr/local/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program.executable))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Makes sure that the programs exist: installs missing ones when the user may, saying so.
     *
     * @throws PlatformException if one is missing and could not be installed; what to do has been printed
     */
    static void require(List<Program> programs) throws InterruptedException {
        var missing =
                programs.stream().filter(program -> find(program).isEmpty()).toList();
        if (missing.isEmpty()) {
            return;
        }
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("meridian.home", ""), "bin", "debian-packages")
                .toString());
        missing.forEach(program -> command.add(program.executable + "=" + program.debianPackage));
        var names = String.join(
                ", ", missing.stream().map(program -> program.executable).toList());
        try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new PlatformException("cannot start without " + names
                        + "; for an etcd that runs already, use --etcd-global and --etcd-region");
            }
        } catch (IOException e) {
            throw new PlatformException("not installed: " + names, e);
        }
    }
}
