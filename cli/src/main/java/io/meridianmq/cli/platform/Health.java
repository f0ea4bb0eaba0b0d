package io.meridianmq.cli.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;

/** Asks a process on this machine whether it is ready. */
final class Health {

    private static final int CONNECT_MILLIS = 500;
    private static final int ANSWER_MILLIS = 1_000;

    private Health() {}

    /** Whether the URL answers 200. Blocks for at most 1.5 s. */
    static boolean isReady(URI readiness) {
        try {
            var connection = (HttpURLConnection) readiness.toURL().openConnection();
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        } catch (IOException _) {
            // Not listening yet, or not answering any more: both mean not ready.
            return false;
        }
    }
}
