package io.tallystick.ledger.follower;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.follower.ChunkCheck.Verdict;
import io.tallystick.ledger.follower.EntryFetch.Attempt;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.StreamTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a verified copy in a directory of its own by reading from any replica, and trusting none.
 * Works on a thread of its own from {@link #start} to {@link #close}; all public methods are for
 * any thread. What is read was verified, always: a full disk or a fork stop the following, not the
 * reading.
 */
public final class Follower implements VerifiedCopy, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final int BACKOFF_MAX = 32;

  private final Path directory;
  private final Genesis genesis;
  private final HeadVerifier verifier;
  private final FollowerSettings settings;
  private final FollowerMeters meters;
  private final HeadPoll poll;
  private final EntryFetch fetch;
  private final Waiters waiters = new Waiters();
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;

  // Written by the follower's thread alone
  private volatile CopyStorage copy;
  private volatile Optional<CopyHead> head = Optional.empty();
  private volatile FollowerState state = FollowerState.FOLLOWING;
  private volatile boolean closing;
  private Optional<CopyHead> proof;
  private Optional<CopyHead> target = Optional.empty();
  private long syncedNanos = System.nanoTime();
  private int backoff = 1;

  private Follower(
      Path directory,
      Genesis genesis,
      ReplicaReader reader,
      FollowerSettings settings,
      FollowerMeters meters)
      throws IOException {
    this.directory = directory;
    this.genesis = genesis;
    this.settings = settings;
    this.meters = meters;
    this.verifier = new HeadVerifier(genesis);
    var ids = genesis.membership().ids();
    this.poll = new HeadPoll(reader, ids, genesis.membership().f() + 1, wake::release);
    this.fetch = new EntryFetch(reader, new Peers(ids), settings, meters);
    this.copy = CopyStorage.open(directory, verifier);
    this.proof = copy.proof();
    this.head = proof.filter(p -> p.size() == copy.store().size());
    this.thread = new Thread(this::run, "ledger-follower");
    this.thread.setDaemon(true);
  }

  /**
   * Opens the copy in {@code directory}, or begins one, and follows the ledger of {@code genesis}.
   *
   * @throws IOException when the directory can't be used, or what is in it is damaged or another
   *     ledger's
   */
  public static Follower start(
      Path directory,
      Genesis genesis,
      ReplicaReader reader,
      FollowerSettings settings,
      MeterRegistry registry)
      throws IOException {
    FollowerMeters meters = new FollowerMeters(registry);
    Follower follower = new Follower(directory, genesis, reader, settings, meters);
    if (ForkEvidence.isIn(directory)) {
      follower.halt("evidence of a fork is in " + directory + ": a person must look");
    }
    meters.watch(follower);
    follower.thread.start();
    return follower;
  }

  @Override
  public Optional<CopyHead> head() {
    return head;
  }

  @Override
  public LedgerStore store() {
    return copy.store();
  }

  @Override
  public StreamTable streams() {
    return copy.streams();
  }

  @Override
  public OptionalLong find(String principal, RequestId id) throws IOException {
    // The size first: what is found below it is covered
    long size = verifiedSize();
    OptionalLong found = copy.ids().find(principal, id);
    return found.isPresent() && found.getAsLong() < size ? found : OptionalLong.empty();
  }

  @Override
  public CompletableFuture<Boolean> covers(long size, long millis) {
    if (verifiedSize() >= size) {
      return CompletableFuture.completedFuture(true);
    }
    CompletableFuture<Boolean> covered = waiters.add(size, millis);
    if (verifiedSize() >= size) {
      waiters.covered(verifiedSize());
    }
    wake.release();
    return covered;
  }

  /** Number of entries that may be shown. */
  public long verifiedSize() {
    return head.map(CopyHead::size).orElse(0L);
  }

  /** Every entry with an earlier ledger time than this may be shown; 0 before the first head. */
  public long timeMicros() {
    return head.map(CopyHead::timeMicros).orElse(0L);
  }

  /** What it is doing. */
  public FollowerState state() {
    return state;
  }

  private void run() {
    try {
      while (!closing && state != FollowerState.HALTED) {
        work();
        long millis =
            state == FollowerState.PAUSED
                ? (long) settings.retryMillis() * backoff
                : waiters.any() ? settings.waitedPollMillis() : settings.pollMillis();
        rest(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the follower of {} is broken", directory, e);
      halt("an error of its own: " + e);
    } finally {
      waiters.end();
    }
  }

  private void rest(long millis) throws InterruptedException {
    boolean woken = wake.tryAcquire(millis, TimeUnit.MILLISECONDS);
    if (woken) {
      wake.drainPermits();
    }
  }

  private void work() throws InterruptedException {
    try {
      if (copy.isDamaged()) {
        reopen();
      }
      step();
      if (state == FollowerState.PAUSED) {
        LOG.info("the disk under {} works again", directory);
        state = FollowerState.FOLLOWING;
      }
      backoff = 1;
    } catch (IOException | UncheckedIOException e) {
      if (state == FollowerState.FOLLOWING) {
        state = FollowerState.PAUSED;
        LOG.error("the copy in {} takes nothing more until its disk works again", directory, e);
      } else {
        backoff = Math.min(2 * backoff, BACKOFF_MAX);
      }
      meters.diskFailed();
    }
  }

  private void reopen() throws IOException {
    CopyStorage.probe(directory);
    // What the copy lost isn't covered until it is read again
    head = Optional.empty();
    copy.close();
    copy = CopyStorage.open(directory, verifier);
    proof = copy.proof();
    head = proof.filter(p -> p.size() == copy.store().size());
  }

  private void step() throws IOException, InterruptedException {
    if (state == FollowerState.PAUSED) {
      CopyStorage.probe(directory);
    }
    poll.ask();
    List<CopyHead> heads =
        poll.take().stream()
            .filter(this::isNews)
            .flatMap(heard -> verifier.verify(heard).stream())
            .sorted(
                Comparator.comparingLong(CopyHead::size).thenComparingLong(CopyHead::timeMicros))
            .toList();
    for (CopyHead heard : heads) {
      if (heard.size() <= copy.store().size()) {
        adopt(heard);
      }
      if (target.isEmpty() || heard.size() >= target.get().size()) {
        target = Optional.of(heard);
      }
    }
    if (state != FollowerState.HALTED && target.isPresent()) {
      follow(target.get());
    }
    syncIfDue();
  }

  /** Whether it may say more than the copy knows, or something else. */
  private boolean isNews(LoggedHead heard) {
    TreeHead tree = heard.head().head();
    boolean known =
        tree.size() >= 0
            && tree.size() < Math.min(verifiedSize(), copy.store().size())
            && copy.store().rootAt(tree.size()).equals(tree.root());
    return !known && head.filter(held -> held.head().equals(heard)).isEmpty();
  }

  /** Takes a head that the copy should hold whole. */
  private void adopt(CopyHead heard) throws IOException {
    Digest root = copy.store().rootAt(heard.size());
    if (!root.equals(heard.root())) {
      fork(
          new ForkEvidence(
              proof.orElse(heard), heard, heard.size(), root, heard.root(), List.of()));
      return;
    }
    boolean newer =
        heard.size() > verifiedSize()
            || heard.size() == verifiedSize() && heard.timeMicros() > timeMicros();
    if (newer) {
      // What was covered before a time still is: times can't go back, whatever f+1 liars sign
      long timeMicros = Math.max(heard.timeMicros(), timeMicros());
      head = Optional.of(new CopyHead(heard.head(), heard.note(), timeMicros));
      waiters.covered(heard.size());
    }
  }

  private void follow(CopyHead next) throws IOException, InterruptedException {
    if (next.size() > copy.store().size()) {
      ChunkCheck check = new ChunkCheck(genesis, copy);
      Attempt attempt =
          fetch.attempt(
              copy,
              check,
              next,
              () -> {
                proof = Optional.of(next);
                syncIfDue();
              });
      switch (attempt.end()) {
        case REACHED -> adopt(next);
        case STUCK -> target = Optional.empty();
        case HALTED -> attempt.halt().ifPresent(verdict -> halted(verdict, next));
      }
    }
  }

  private void halted(Verdict verdict, CopyHead next) {
    if (verdict instanceof Verdict.Fork(Digest root, List<Digest> hashes)) {
      LedgerStore store = copy.store();
      CopyHead own = proof.orElseThrow();
      fork(new ForkEvidence(own, next, store.size(), store.head().root(), root, hashes));
    } else {
      halt("a quorum signed what no correct replica would: " + verdict);
    }
  }

  private void fork(ForkEvidence evidence) {
    String where;
    try {
      where = evidence.write(directory).toString();
    } catch (IOException e) {
      LOG.error("evidence of a fork couldn't be written: {}", evidence, e);
      where = "this log alone";
    }
    halt(
        "FORK: two heads that a quorum signed contradict each other at size "
            + evidence.size()
            + "; replicas "
            + evidence.signers()
            + " signed both; evidence in "
            + where);
  }

  private void halt(String why) {
    state = FollowerState.HALTED;
    LOG.error("the follower stopped following, and serves what it verified before: {}", why);
  }

  private void syncIfDue() throws IOException {
    long now = System.nanoTime();
    boolean due = now - syncedNanos >= TimeUnit.MILLISECONDS.toNanos(settings.syncMillis());
    if (due && copy.isDirty() && proof.isPresent()) {
      copy.sync(proof.get());
      syncedNanos = now;
    }
  }

  /** Makes the copy durable, and ends. */
  @Override
  public void close() throws IOException {
    // No interrupt: it would close the files that the thread is writing to
    closing = true;
    wake.release();
    fetch.end();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    meters.unwatch();
    boolean whole = !copy.isDamaged();
    state = FollowerState.CLOSED;
    try (CopyStorage closing = copy) {
      if (whole && closing.isDirty() && proof.isPresent()) {
        closing.sync(proof.get());
      }
    }
  }
}
