package io.tallystick.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Callers that append one entry after the other and don't let go of one before it is acknowledged:
 * what has no outcome yet is asked for again under its key.
 */
final class Load implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final List<Integer> NOT_YET = List.of(202, 409, 429, 503, 504);

  private final AtomicBoolean stopped = new AtomicBoolean();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> running = new ArrayList<>();

  private Load() {}

  /** Lets so many callers begin; the prefix is unlike that of all other loads on the cluster. */
  static Load start(Cluster cluster, History history, int callers, String prefix)
      throws IOException {
    Load load = new Load();
    Http http = cluster.http();
    for (int i = 0; i < callers; i++) {
      String caller = prefix + "-" + i;
      load.running.add(
          load.threads.submit(
              () -> {
                for (int number = 0; !load.stopped.get(); number++) {
                  append(http, history, caller + "-" + number);
                }
                return null;
              }));
    }
    return load;
  }

  /** Appends one entry, and notes it when it is acknowledged. */
  static void append(Http http, History history, String key) {
    String body = "{\"key\":\"" + key + "\"}";
    history.begin(body);
    long beginNanos = System.nanoTime();
    Http.Reply reply = Await.value("an outcome of " + key, LIMIT, () -> tryOnce(http, body, key));
    long endNanos = System.nanoTime();
    try {
      long index = Long.parseLong(reply.text("index"));
      history.add(new History.Appended(body, beginNanos, endNanos, index, reply.text()));
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + reply.text(), e);
    }
  }

  private static Optional<Http.Reply> tryOnce(Http http, String body, String key)
      throws IOException, InterruptedException {
    Http.Reply reply = http.append("calls", body, key);
    if (reply.status() == 200 || reply.status() == 201) {
      return Optional.of(reply);
    }
    if (!NOT_YET.contains(reply.status())) {
      throw new AssertionError(key + ": status " + reply.status() + ": " + reply.text());
    }
    return Optional.empty();
  }

  /** Lets each get the acknowledgement that it waits for; fails when one doesn't. */
  void finish() throws InterruptedException, ExecutionException {
    stopped.set(true);
    for (Future<?> each : running) {
      var _ = each.get();
    }
  }

  @Override
  public void close() {
    stopped.set(true);
    threads.shutdownNow();
  }
}
