package io.tallystick.ledger.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads an export's files from a gateway, or from any web server that has them. What fails for a
 * while (a broken connection before the body, 429, 502 to 504) is tried again a few times.
 */
public final class HttpSource implements ExportSource, AutoCloseable {
  private static final int ATTEMPTS_MAX = 6;
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long PAUSE_MILLIS_MAX = 30_000;
  private static final int PROBLEM_BYTES_MAX = 4096;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final URI base;
  private final Optional<String> token;
  private final long firstPauseMillis;
  private final HttpClient client;

  /**
   * A gateway.
   *
   * @param base its URL, up to where {@code /checkpoint} follows
   * @param token the bearer token, if one is needed
   */
  public HttpSource(URI base, Optional<String> token) {
    this(base, token, FIRST_PAUSE_MILLIS);
  }

  HttpSource(URI base, Optional<String> token, long firstPauseMillis) {
    String text = base.toString();
    this.base = URI.create(text.endsWith("/") ? text : text + "/");
    this.token = token;
    this.firstPauseMillis = firstPauseMillis;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  @Override
  public void fetch(String path, long bytesMax, OutputStream out) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER);
    token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
    HttpResponse<InputStream> response = send(request.build());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw refused(response, body);
      }
      body.transferTo(new BoundedOutput(path, bytesMax, out));
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    long pauseMillis = firstPauseMillis;
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<InputStream> response =
            client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        int status = response.statusCode();
        boolean passes = status == 429 || status >= 502 && status <= 504;
        if (!passes || attempt == ATTEMPTS_MAX) {
          return response;
        }
        response.body().close();
        pauseMillis = Math.max(pauseMillis, retryAfterMillis(response));
      } catch (IOException e) {
        if (attempt == ATTEMPTS_MAX) {
          throw new IOException(request.uri() + ": " + e, e);
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
      pause(pauseMillis);
      pauseMillis = Math.min(2 * pauseMillis, PAUSE_MILLIS_MAX);
    }
  }

  private static long retryAfterMillis(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("\\d{1,5}"))
        .map(seconds -> Math.min(Long.parseLong(seconds) * 1000, PAUSE_MILLIS_MAX))
        .orElse(0L);
  }

  private static void pause(long millis) throws InterruptedIOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(e);
    return interrupted;
  }

  private static IOException refused(HttpResponse<?> response, InputStream body)
      throws IOException {
    String problem = new String(body.readNBytes(PROBLEM_BYTES_MAX), StandardCharsets.UTF_8);
    int status = response.statusCode();
    String what = response.uri() + ": HTTP " + status + " " + problem.strip();
    return status >= 400 && status < 500 ? new ExportRefusedException(what) : new IOException(what);
  }

  @Override
  public void close() {
    client.close();
  }
}
