package io.tallystick.ledger.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tallystick.ledger.fixture.SampleLedger;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpSourceTest {
  private static final String TOKEN = "Bearer secret";

  @TempDir Path directory;
  private SampleLedger ledger;
  private HttpServer server;
  private ExecutorService threads;
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  @BeforeEach
  void serve() throws IOException {
    ledger = SampleLedger.create(directory.resolve("ledger"), 4).append(700);
    ExportFiles files = ledger.files();
    threads = Executors.newFixedThreadPool(4);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(files, exchange));
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.stop(0);
    threads.close();
    ledger.close();
  }

  private void answer(ExportFiles files, HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      String path = exchange.getRequestURI().getPath().substring("/ledger/".length());
      if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        send(exchange, 401, "{\"title\":\"no token\"}");
      } else if (busy.getAndUpdate(b -> Math.max(0, b - 1)) > 0) {
        exchange.getResponseHeaders().add("Retry-After", "0");
        send(exchange, 503, "{\"title\":\"busy\"}");
      } else {
        Optional<ExportFile> file = files.file(path);
        if (file.isEmpty()) {
          send(exchange, 404, "{\"title\":\"none\"}");
        } else {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            file.get().content().writeTo(body);
          }
        }
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private HttpSource source(String token) {
    return new HttpSource(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/ledger"),
        Optional.of(token),
        5);
  }

  @Test
  void exportsTheSameBytesAsFromTheStore() throws IOException {
    busy.set(2);
    try (HttpSource source = source("secret")) {
      Exporter.export(source, directory.resolve("far"), (done, of) -> {});
    }
    Exporter.export(ExportSource.of(ledger.files()), directory.resolve("near"), (done, of) -> {});
    Map<String, byte[]> far = ExporterTest.tree(directory.resolve("far"));
    Map<String, byte[]> near = ExporterTest.tree(directory.resolve("near"));
    assertEquals(near.keySet(), far.keySet());
    near.forEach((name, bytes) -> assertArrayEquals(bytes, far.get(name), name));
  }

  @Test
  void saysWhatTheGatewayRefusedAndDoesntAskAgain() throws IOException {
    try (HttpSource source = source("guessed")) {
      var e =
          assertThrows(
              ExportRefusedException.class,
              () -> Exporter.export(source, directory.resolve("far"), (done, of) -> {}));
      assertTrue(String.valueOf(e.getMessage()).contains("HTTP 401 {\"title\":\"no token\"}"));
      assertEquals(1, requests.get());
    }
  }

  @Test
  void refusesMoreBytesThanTheFileMayHave() throws IOException {
    try (HttpSource source = source("secret")) {
      assertThrows(
          IOException.class,
          () -> source.fetch("tile/0/000", 8191, OutputStream.nullOutputStream()));
      source.fetch("tile/0/000", 8192, OutputStream.nullOutputStream());
    }
  }

  @Test
  void givesUpOnAServerThatStaysAway() throws IOException {
    HttpSource source = source("secret");
    server.stop(0);
    try (source) {
      assertThrows(
          IOException.class,
          () -> source.fetch("checkpoint", 100, OutputStream.nullOutputStream()));
    }
  }
}
