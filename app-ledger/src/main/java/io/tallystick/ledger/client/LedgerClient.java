package io.tallystick.ledger.client;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.bft.codec.ClientCodec;
import io.tallystick.bft.codec.MalformedMessage;
import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.note.VerifierKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of a cluster: runs a {@link BundleLoop} on a thread of its own, fed by callers and by
 * the network. Closing it ends all that waits: requests in flight as unknown.
 */
public final class LedgerClient implements Ledger, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerClient.class);

  /** Tasks from callers and the network that the thread hasn't taken yet. */
  private static final int TASKS_MAX = 32_768;

  /** Most of them taken before timers and waiting requests have their turn. */
  private static final int TASKS_PER_TURN = 512;

  private static final long ROOM_MILLIS = 100;
  private static final long CLOSE_MILLIS = 5_000;

  private final ClientSettings settings;
  private final Parameters parameters;
  private final ClientCodec codec;
  private final HeadKeys keys;
  private final ArrayBlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(TASKS_MAX);
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final Counter malformed;
  private final Counter refused;
  private final ReplicaLinks links;
  private final BundleLoop loop;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Who the client is, and whose client.
   *
   * @param cluster SHA-256 of genesis.json
   * @param logKey the ledger's, named as its origin
   * @param key signs the bundles; grants name its public half
   */
  public record Cluster(
      Digest cluster,
      VerifierKey logKey,
      Membership membership,
      Parameters parameters,
      PrivateKey key) {}

  private LedgerClient(
      Cluster cluster, ClientSettings settings, ReplicaLinks.Opener network, MeterRegistry meters) {
    this.settings = settings;
    this.parameters = cluster.parameters();
    this.codec = new ClientCodec(parameters);
    this.keys = new HeadKeys(cluster.logKey(), cluster.membership());
    this.malformed = meters.counter("tally_client_malformed_answers");
    this.refused = meters.counter("tally_client_overloaded");
    Gauge.builder("tally_client_requests", requests, AtomicInteger::get).register(meters);
    Gauge.builder("tally_client_request_bytes", bytes, AtomicLong::get).register(meters);
    this.links = network.open(new FromNetwork());
    this.loop =
        new BundleLoop(
            cluster,
            settings,
            (to, ask) -> links.send(to, codec.encode(ask)),
            random.nextLong(),
            meters);
    this.thread = new Thread(this::run, "ledger-client");
  }

  /** Starts a client; it dials at once. */
  public static LedgerClient start(
      Cluster cluster, ClientSettings settings, ReplicaLinks.Opener network, MeterRegistry meters) {
    LedgerClient client = new LedgerClient(cluster, settings, network, meters);
    client.thread.start();
    return client;
  }

  /** Verifies heads under the cluster's keys. */
  public HeadKeys keys() {
    return keys;
  }

  private final class FromNetwork implements ReplicaLinks.Listener {
    @Override
    public void reachable(ReplicaId replica, boolean reachable) {
      put(() -> loop.reachable(replica, reachable, ticks()));
    }

    @Override
    public Verdict received(ReplicaId replica, Bytes payload) {
      Answer answer;
      try {
        answer = codec.decodeAnswer(payload);
      } catch (MalformedMessage e) {
        malformed.increment();
        return Verdict.MALFORMED;
      }
      if (answer instanceof BundleReply reply) {
        // Here several threads verify; what holds is remembered for the one that decides
        keys.cosigned(reply.head());
      }
      boolean taken = tasks.offer(() -> loop.received(replica, answer, ticks()));
      return taken ? Verdict.ACCEPTED : Verdict.DROPPED;
    }
  }

  @Override
  public Submitted submit(Submission submission) {
    CompletableFuture<SubmitResult> result = new CompletableFuture<>();
    int size = submission.content().size();
    if (size > parameters.payloadBytesMax()) {
      throw new IllegalArgumentException(
          "payload: " + size + " bytes (expected: <= " + parameters.payloadBytesMax() + ")");
    }
    if (requests.get() >= settings.requestsMax() || bytes.get() + size > settings.bytesMax()) {
      refused.increment();
      result.completeExceptionally(
          new OverloadedException(
              requests + " requests with " + bytes + " bytes wait already", 1_000));
      return new Submitted(OptionalLong.empty(), result);
    }
    requests.incrementAndGet();
    bytes.addAndGet(size);
    var _ =
        result.whenComplete(
            (done, failed) -> {
              requests.decrementAndGet();
              bytes.addAndGet(-size);
            });
    byte[] salt = new byte[Payload.SALT_LENGTH];
    random.nextBytes(salt);
    Payload payload = Payload.of(Bytes.wrap(salt), submission.content());
    OptionalLong deadlineMicros = deadlineMicros();
    Waiting waiting = new Waiting(submission, payload, deadlineMicros, ticks(), result);
    put(() -> loop.submit(waiting), result);
    return new Submitted(deadlineMicros, result);
  }

  private OptionalLong deadlineMicros() {
    OptionalLong now = expectedLedgerMicros();
    return now.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(now.getAsLong() + settings.timeoutMillis() * 1_000);
  }

  @Override
  public CompletableFuture<Outcome> outcome(String principal, RequestId id, long deadlineMicros) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    put(() -> loop.queries().outcome(principal, id, deadlineMicros, ticks(), answer), answer);
    return answer;
  }

  @Override
  public CompletableFuture<Bytes> read(ReplicaId replica, Bytes question) {
    CompletableFuture<Bytes> answer = new CompletableFuture<>();
    put(() -> loop.queries().read(replica, question, ticks(), answer), answer);
    return answer;
  }

  @Override
  public CompletableFuture<Optional<LoggedHead>> head(ReplicaId replica) {
    CompletableFuture<Optional<LoggedHead>> answer = new CompletableFuture<>();
    put(() -> loop.queries().head(replica, ticks(), answer), answer);
    return answer;
  }

  @Override
  public List<ReplicaStanding> standings() {
    return loop.standings();
  }

  @Override
  public OptionalLong ledgerMicros() {
    return loop.clock().ledgerMicros();
  }

  @Override
  public OptionalLong expectedLedgerMicros() {
    return loop.clock().expectedMicros(ticks());
  }

  private static long ticks() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private void put(Runnable task, CompletableFuture<?> result) {
    boolean taken;
    // What is taken before the end is run or refused by the thread, whatever comes after it isn't
    synchronized (tasks) {
      taken = !closed && tasks.offer(task);
    }
    if (!taken) {
      result.completeExceptionally(
          new OverloadedException(closed ? "the client is closed" : "the client is busy", 1_000));
    }
  }

  /** For what must not be lost, and comes rarely: waits for room, up to the end. */
  private void put(Runnable task) {
    try {
      boolean taken = false;
      while (!closed && !taken) {
        taken = tasks.offer(task, ROOM_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        long wait = Math.max(0, loop.nextTicks() - ticks());
        Runnable task = tasks.poll(wait, TimeUnit.MILLISECONDS);
        for (int taken = 0; task != null && taken < TASKS_PER_TURN; taken++) {
          task.run();
          task = tasks.poll();
        }
        if (task != null) {
          task.run();
        }
        loop.turn(ticks());
      } catch (InterruptedException e) {
        synchronized (tasks) {
          closed = true;
        }
      } catch (RuntimeException e) {
        // A bug must not end the thread that everybody waits for
        LOG.error("the client's thread failed at a task", e);
      }
    }
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    loop.close();
  }

  @Override
  public void close() {
    synchronized (tasks) {
      closed = true;
    }
    // Wakes the thread, unless it has enough to do
    var _ = tasks.offer(() -> {});
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    links.close();
  }
}
