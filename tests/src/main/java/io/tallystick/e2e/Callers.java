package io.tallystick.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers that append one entry after the other, each under a key of its own, and note what came.
 */
final class Callers {
  private final Cluster cluster;
  private final int count;
  private final String prefix;
  private final Map<String, Call> calls = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
  private final AtomicInteger receipts = new AtomicInteger();
  private final AtomicInteger cutOff = new AtomicInteger();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final List<Future<?>> running = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** One append: its key and body, and the receipt if the caller got one. */
  record Call(String key, String body, Optional<JsonNode> receipt) {}

  /** Something to do with one item; may fail. */
  interface Task<T> {
    void run(T item) throws Exception;
  }

  Callers(Cluster cluster, int count, String prefix) {
    this.cluster = cluster;
    this.count = count;
    this.prefix = prefix;
  }

  /** Lets all of them begin. */
  void start() throws IOException {
    Http http = cluster.http();
    for (int i = 0; i < count; i++) {
      String caller = prefix + "-caller-" + i;
      running.add(threads.submit(() -> append(http, caller)));
    }
  }

  private void append(Http http, String caller) {
    for (int i = 0; !stopped.get(); i++) {
      String key = caller + "-" + i;
      String body = "{\"caller\":\"" + caller + "\",\"number\":" + i + "}";
      calls.put(key, new Call(key, body, Optional.empty()));
      long startNanos = System.nanoTime();
      try {
        Http.Reply reply = http.append("calls", body, key);
        if (reply.status() == 201) {
          calls.put(key, new Call(key, body, Optional.of(reply.json())));
          receipts.incrementAndGet();
          latencies.add(System.nanoTime() - startNanos);
        }
      } catch (IOException e) {
        cutOff.incrementAndGet();
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** How many receipts they hold together. */
  int receipts() {
    return receipts.get();
  }

  /** How many ended since their connection was cut off, with an append of unknown outcome. */
  int cutOff() {
    return cutOff.get();
  }

  /** All appends that were begun, by key. */
  Map<String, Call> calls() {
    return Map.copyOf(calls);
  }

  /** The slowest of all appends that got a receipt but one in a hundred, in milliseconds. */
  long p99Millis() {
    List<Long> sorted = latencies.stream().sorted().toList();
    return sorted.isEmpty()
        ? Long.MAX_VALUE
        : TimeUnit.NANOSECONDS.toMillis(sorted.get((sorted.size() - 1) * 99 / 100));
  }

  /** Lets them finish the append that they are at, and waits for that. */
  void stop() throws InterruptedException, ExecutionException {
    stopped.set(true);
    for (Future<?> each : running) {
      var _ = each.get();
    }
    threads.shutdown();
  }

  /** Appends again under the same key until there is a receipt. */
  Http.Reply settle(Call call) throws IOException {
    Http http = cluster.http();
    return Await.value(
        "an outcome of " + call.key(),
        Duration.ofMinutes(1),
        () -> {
          Http.Reply reply = http.append("calls", call.body(), call.key());
          // 202, 409 and 503: not known yet
          return reply.status() == 200 || reply.status() == 201
              ? Optional.of(reply)
              : refused(reply);
        });
  }

  private static Optional<Http.Reply> refused(Http.Reply reply) {
    if (reply.status() != 202 && reply.status() != 409 && reply.status() != 503) {
      throw new AssertionError("status " + reply.status() + ": " + reply.text());
    }
    return Optional.empty();
  }

  /** Does something with each item, on so many threads, and fails with the first failure. */
  static <T> void inParallel(int threads, Collection<T> items, Task<T> task) throws Exception {
    ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>(items);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(
            executor.submit(
                () -> {
                  for (T item = queue.poll(); item != null; item = queue.poll()) {
                    task.run(item);
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        var _ = each.get(120, TimeUnit.SECONDS);
      }
    }
  }
}
