package io.meridianmq.fabric.http;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A browser without a window and with one page, steered over the DevTools protocol, for tests of pages.
 *
 * <p>For one thread.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">the protocol</a>
 */
public final class Chromium implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Gson GSON = new Gson();

    private final Process process;
    private final HttpClient http;
    private final Conversation conversation;

    private Chromium(Process process, HttpClient http, Conversation conversation) {
        this.process = process;
        this.http = http;
        this.conversation = conversation;
    }

    /**
     * Starts one; skips the test where the program is not installed.
     *
     * @param profile an empty folder for what it writes
     */
    public static Chromium start(Path profile) {
        assumeTrue(Files.isExecutable(PROGRAM), "Chromium is not installed at " + PROGRAM);
        try {
            var process = new ProcessBuilder(
                            PROGRAM.toString(),
                            "--headless=new",
                            "--no-sandbox", // Which it refuses to have when it is run by root.
                            "--no-first-run",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--hide-scrollbars",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + profile,
                            "about:blank")
                    .redirectErrorStream(true)
                    .redirectOutput(profile.resolve("chromium.log").toFile())
                    .start();
            var http = HttpClient.newHttpClient();
            var conversation = new Conversation();
            conversation.begin(http, pageAddress(process, profile, http));
            var browser = new Chromium(process, http, conversation);
            browser.ask("Runtime.enable", Map.of());
            browser.ask("Page.enable", Map.of());
            return browser;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes to a page, and returns when its own files have been loaded. */
    public void open(URI page) {
        ask("Page.navigate", Map.of("url", page.toString()));
        until("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** The value of a JavaScript expression in the page; what a promise becomes. */
    public JsonElement evaluate(String expression) {
        var answer =
                ask("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        var result = answer.getAsJsonObject("result");
        return result.has("value") ? result.get("value") : new JsonArray();
    }

    /** How many elements match a CSS selector. */
    public int count(String selector) {
        return evaluate("document.querySelectorAll(" + GSON.toJson(selector) + ").length")
                .getAsInt();
    }

    /** What the first element that matches a CSS selector shows; empty if there is none. */
    public String text(String selector) {
        return evaluate("(found => found?.innerText ?? found?.textContent ?? '')(document.querySelector("
                        + GSON.toJson(selector) + "))")
                .getAsString();
    }

    /** Waits until a JavaScript condition holds. */
    public void until(String condition) {
        until(condition, PATIENCE);
    }

    /** The same, for something that takes its time. */
    public void until(String condition, Duration patience) {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!evaluate("Boolean(" + condition + ")").getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(condition + " does not come true; the page says: " + text("body")
                        + "\nand its console: " + conversation.complaints);
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    /** What the page's scripts have complained of: exceptions that nobody caught, and errors. */
    public List<String> complaints() {
        return List.copyOf(conversation.complaints);
    }

    /** Shows the page in this size. */
    public void resize(int width, int height) {
        ask(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Prefers {@code light} or {@code dark} colours. */
    public void prefer(String colours) {
        ask(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    /** The page as it is seen, as PNG. */
    public byte[] screenshot() {
        var image = ask("Page.captureScreenshot", Map.of("format", "png")).get("data");
        return Base64.getDecoder().decode(image.getAsString());
    }

    @Override
    public void close() {
        conversation.end();
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        http.close();
    }

    private JsonObject ask(String method, Map<String, Object> parameters) {
        return conversation
                .ask(method, parameters)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Chromium writes the port that it has taken into a file, and lists its pages there. */
    private static URI pageAddress(Process process, Path profile, HttpClient http) throws IOException {
        var file = profile.resolve("DevToolsActivePort");
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0 && process.isAlive()) {
            var lines = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
            if (!lines.isEmpty()) {
                var pages = http.sendAsync(
                                HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + lines.getFirst() + "/json/list"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join()
                        .body();
                for (var page : JsonParser.parseString(pages).getAsJsonArray()) {
                    if (page.getAsJsonObject().get("type").getAsString().equals("page")) {
                        return URI.create(page.getAsJsonObject()
                                .get("webSocketDebuggerUrl")
                                .getAsString());
                    }
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        process.destroyForcibly();
        throw new IOException("Chromium did not start: " + Files.readString(profile.resolve("chromium.log")));
    }

    /** Questions to the page and their answers. */
    private static final class Conversation implements WebSocket.Listener {

        final List<String> complaints = new CopyOnWriteArrayList<>();
        private final Map<Integer, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
        private final AtomicInteger asked = new AtomicInteger();
        private final List<WebSocket> sockets = new ArrayList<>();
        private final StringBuilder partial = new StringBuilder();

        void begin(HttpClient http, URI page) {
            sockets.add(http.newWebSocketBuilder().buildAsync(page, this).join());
        }

        CompletableFuture<JsonObject> ask(String method, Map<String, Object> parameters) {
            var id = asked.incrementAndGet();
            var answer = new CompletableFuture<JsonObject>();
            waiting.put(id, answer);
            sockets.getFirst()
                    .sendText(GSON.toJson(Map.of("id", id, "method", method, "params", parameters)), true)
                    .join();
            return answer;
        }

        void end() {
            sockets.forEach(WebSocket::abort);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            partial.append(text);
            if (last) {
                take(JsonParser.parseString(partial.toString()).getAsJsonObject());
                partial.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        private void take(JsonObject message) {
            if (message.has("id")) {
                var answer =
                        Objects.requireNonNull(waiting.remove(message.get("id").getAsInt()));
                if (message.has("error")) {
                    answer.completeExceptionally(new AssertionError(message.get("error")));
                } else {
                    answer.complete(message.getAsJsonObject("result"));
                }
            } else if (message.get("method").getAsString().equals("Runtime.exceptionThrown")) {
                complaints.add(message.get("params").toString());
            }
        }
    }
}
