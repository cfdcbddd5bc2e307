package io.tallystick.ledger.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A gateway as the command line sees it: sends requests with the token, takes answers of bounded
 * size, and puts problem documents into sentences. Safe on any thread.
 */
public final class GatewayHttp implements AutoCloseable {
  /** Largest answer that is taken, in bytes. */
  static final int ANSWER_BYTES_MAX = 64 << 20;

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final String token;
  private final HttpClient http;

  /**
   * @param base ends with a slash
   * @param token empty: none is sent
   */
  public GatewayHttp(URI base, String token) {
    this.base = base;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
  }

  /** An answer, whatever its status. */
  public record Answer(int status, Map<String, String> headers, Bytes body) {
    /** The body as text. */
    public String text() {
      return body.toUtf8();
    }

    /** The body as JSON. */
    public JsonNode json() {
      return parse(text());
    }

    /** A header of the answer, by its name in lower case; empty when it isn't there. */
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CommandException(
          ExitStatus.FAILED, "the gateway answered something that isn't JSON", e);
    }
  }

  /** Where it is. */
  public URI base() {
    return base;
  }

  /** The token that is sent. */
  public String token() {
    return token;
  }

  /** Asks for a path (without a leading slash); any status is an answer. */
  public Answer get(String path, Duration timeout) throws IOException {
    return send(request(path, timeout).GET().build());
  }

  /** Asks for a path, and takes nothing but 200. */
  public Answer fetch(String path) {
    try {
      Answer answer = get(path, Duration.ofSeconds(60));
      if (answer.status() != 200) {
        throw new CommandException(statusOf(answer), "/" + path + ": " + problem(answer));
      }
      return answer;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** Says that the gateway can't be reached, and why. */
  public CommandException unreachable(IOException e) {
    return new CommandException(
        ExitStatus.FAILED,
        "no answer from " + base + ": " + Failures.reason(e) + " (is the gateway running?)",
        e);
  }

  private static int statusOf(Answer answer) {
    return answer.status() == 401 || answer.status() == 400 ? ExitStatus.USAGE : ExitStatus.FAILED;
  }

  /** Sends a body; any status is an answer. */
  public Answer post(String path, Bytes body, Map<String, String> headers, Duration timeout)
      throws IOException {
    HttpRequest.Builder request =
        request(path, timeout).POST(HttpRequest.BodyPublishers.ofByteArray(body.unsafeArray()));
    headers.forEach(request::header);
    return send(request.build());
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(timeout);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  private Answer send(HttpRequest request) throws IOException {
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(ANSWER_BYTES_MAX + 1);
        if (bytes.length > ANSWER_BYTES_MAX) {
          throw new IOException("an answer of more than " + ANSWER_BYTES_MAX + " bytes");
        }
        Map<String, String> headers = new TreeMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
        return new Answer(response.statusCode(), headers, Bytes.wrap(bytes));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** What a refusal says: title and detail of its problem document, or the bare status. */
  public static String problem(Answer answer) {
    if (!answer.header("content-type").contains("json")) {
      return "HTTP status " + answer.status();
    }
    return problem(answer.json(), answer.status());
  }

  static String problem(JsonNode problem, int status) {
    String title = problem.path("title").asText("");
    String detail = problem.path("detail").asText("");
    String both = title + (title.isEmpty() || detail.isEmpty() ? "" : ": ") + detail;
    return status + (both.isEmpty() ? "" : " " + both);
  }

  /** Has this process trust the certificates in a PEM file, and no others, for https. */
  static void trust(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca" + count++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      SSLContext.setDefault(context);
    } catch (IOException e) {
      throw new CommandException(ExitStatus.USAGE, "--ca-file: " + Failures.reason(e), e);
    } catch (GeneralSecurityException e) {
      throw new CommandException(
          ExitStatus.USAGE, "--ca-file: " + file + ": no certificates in PEM (" + e + ")", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
