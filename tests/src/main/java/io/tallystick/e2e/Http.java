package io.tallystick.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks a gateway (or another HTTP server) as any caller would. For any thread. */
record Http(URI base, String token) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer; nothing that is asked for here is other than text. */
  record Reply(int status, String text, HttpHeaders headers) {
    JsonNode json() throws IOException {
      return JSON.readTree(text);
    }

    /** A member that must be there, as text. */
    String text(String member) throws IOException {
      JsonNode value = json().get(member);
      if (value == null) {
        throw new AssertionError("no member " + member + " in " + text);
      }
      return value.asText();
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    /** Each line of NDJSON. */
    List<JsonNode> rows() throws IOException {
      List<JsonNode> rows = new ArrayList<>();
      for (String line : text.split("\n")) {
        rows.add(JSON.readTree(line));
      }
      return rows;
    }

    /** Itself, if it has this status. */
    Reply expect(int expected) {
      if (status != expected) {
        throw new AssertionError("status " + status + " (expected: " + expected + "): " + text);
      }
      return this;
    }
  }

  static JsonNode parse(String json) throws IOException {
    return JSON.readTree(json);
  }

  Reply get(String path) throws IOException, InterruptedException {
    return send("GET", path, new byte[0], Map.of());
  }

  /** Appends one entry of JSON. */
  Reply append(String stream, String payload) throws IOException, InterruptedException {
    return append(stream, payload, Map.of());
  }

  /** Appends one entry of JSON under an idempotency key. */
  Reply append(String stream, String payload, String key) throws IOException, InterruptedException {
    return append(stream, payload, Map.of("Idempotency-Key", "\"" + key + "\""));
  }

  Reply append(String stream, String payload, Map<String, String> headers)
      throws IOException, InterruptedException {
    Map<String, String> all = new java.util.HashMap<>(headers);
    all.putIfAbsent("Content-Type", "application/json");
    return send("POST", "/v1/streams/" + stream + "/entries", bytes(payload), all);
  }

  /** Appends NDJSON. */
  Reply batch(String stream, String lines, Map<String, String> headers)
      throws IOException, InterruptedException {
    Map<String, String> all = new java.util.HashMap<>(headers);
    all.put("Content-Type", "application/x-ndjson");
    return send("POST", "/v1/streams/" + stream + "/entries:batch", bytes(lines), all);
  }

  Reply send(String method, String path, byte[] body, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(LIMIT)
            .method(
                method,
                body.length == 0 && method.equals("GET")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> answer =
        CLIENT.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    return new Reply(answer.statusCode(), answer.body(), answer.headers());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
