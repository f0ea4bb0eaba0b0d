package io.meridianmq.broker.listener;

import io.netty.handler.ssl.SslProvider;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread {@code tls-files}, which looks once a second whether listeners have new TLS files. */
final class FileWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    private final SslProvider provider;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("tls-files").daemon().factory());

    /** @param provider of all encryption that is watched */
    FileWatch(SslProvider provider) {
        this.provider = provider;
    }

    SslProvider provider() {
        return provider;
    }

    void watch(Encryption encryption) {
        var _ = thread.scheduleWithFixedDelay(() -> look(encryption), 1, 1, TimeUnit.SECONDS);
    }

    /** What goes wrong once must not end the watch, which nobody would notice. */
    private static void look(Encryption encryption) {
        try {
            encryption.lookForNewFiles();
        } catch (RuntimeException e) {
            log.error("looking for new TLS files failed; tried again in a second", e);
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
