package io.meridianmq.control.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.meridianmq.fabric.http.HttpPort;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** A file of the page, from the jar. */
final class PageFile implements HttpHandler {

    private final String path;
    private final String contentType;
    private final byte[] content;

    private PageFile(String path, String contentType, byte[] content) {
        this.path = path;
        this.contentType = contentType;
        this.content = content;
    }

    /** The page and all that it loads. */
    static List<PageFile> all() throws IOException {
        return List.of(
                read("/", "index.html", "text/html; charset=utf-8"),
                read("/console.js", "console.js", "text/javascript; charset=utf-8"),
                read("/console.css", "console.css", "text/css; charset=utf-8"),
                read("/icon.svg", "icon.svg", "image/svg+xml"));
    }

    /** Under which it is served. */
    String path() {
        return path;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        HttpPort.answer(exchange, 200, contentType, content);
    }

    private static PageFile read(String path, String name, String contentType) throws IOException {
        try (var file = Objects.requireNonNull(PageFile.class.getResourceAsStream(name), name)) {
            return new PageFile(path, contentType, file.readAllBytes());
        }
    }
}
