package io.tallystick.ledger.gateway;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.ClientMessage.Standing;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.ledger.client.CommittedEntry;
import io.tallystick.ledger.client.Ledger;
import io.tallystick.ledger.client.ReplicaStanding;
import io.tallystick.ledger.client.Submission;
import io.tallystick.ledger.client.SubmitResult;
import io.tallystick.ledger.client.Submitted;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.follower.VerifiedCopy;
import io.tallystick.ledger.receipt.HeadNote;
import io.tallystick.ledger.receipt.SignedLedger;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.StoredPayload;
import io.tallystick.ledger.store.StreamTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A cluster and a follower in one: appends are committed at once, unless the test says what else
 * becomes of them; the copy shows what the test has published.
 */
final class MemoryLedger implements Ledger, VerifiedCopy {
  static final long TIMEOUT_MICROS = 20_000_000;

  final SignedLedger ledger;
  private final Map<String, Long> outcomes = new HashMap<>();
  private Optional<SubmitResult> fixed = Optional.empty();
  private final List<Runnable> held = new ArrayList<>();
  private boolean holding;
  private OptionalLong now = OptionalLong.of(SignedLedger.START_MICROS + 1_000_000);
  private Optional<CopyHead> head = Optional.empty();
  private Outcome outcome = Outcome.of(OutcomeKind.PENDING);
  private int reachable = 4;

  MemoryLedger(SignedLedger ledger) {
    this.ledger = ledger;
  }

  /** The copy follows to the newest head, whose time is now. */
  synchronized void publish() {
    LoggedHead newest = ledger.head(ledger.store().size());
    head =
        Optional.of(
            new CopyHead(
                newest,
                HeadNote.of(newest, ledger.genesis().logVkey(), ledger.genesis().membership()),
                now.orElseThrow()));
  }

  synchronized void setNow(OptionalLong micros) {
    now = micros;
  }

  synchronized void setReachable(int replicas) {
    reachable = replicas;
  }

  /** From now on appends end like this, and record nothing. */
  synchronized void endWith(SubmitResult result) {
    fixed = Optional.of(result);
  }

  synchronized void answerOutcome(Outcome answer) {
    outcome = answer;
  }

  /** From now on appends have no outcome until {@link #release}. */
  synchronized void hold() {
    holding = true;
  }

  void release() {
    List<Runnable> all;
    synchronized (this) {
      holding = false;
      all = List.copyOf(held);
      held.clear();
    }
    all.forEach(Runnable::run);
  }

  @Override
  public synchronized Submitted submit(Submission submission) {
    CompletableFuture<SubmitResult> result = new CompletableFuture<>();
    Runnable end = () -> result.complete(execute(submission));
    if (holding) {
      held.add(end);
    } else {
      end.run();
    }
    return new Submitted(OptionalLong.of(now.orElseThrow() + TIMEOUT_MICROS), result);
  }

  private synchronized SubmitResult execute(Submission submission) {
    if (fixed.isPresent()) {
      return fixed.get();
    }
    try {
      String key = submission.principal() + "/" + submission.id();
      Long earlier = outcomes.get(key);
      if (earlier != null) {
        return repeated(submission, earlier);
      }
      Bytes salt = Bytes.wrap(Digest.sha256(Bytes.utf8(key)).toArray());
      Payload payload = Payload.of(salt, submission.content());
      long index =
          ledger.append(
              submission.principal(),
              submission.id(),
              submission.stream(),
              submission.contentType(),
              payload);
      outcomes.put(key, index);
      return committed(index, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SubmitResult repeated(Submission submission, long index) throws IOException {
    Envelope envelope = Envelope.parse(ledger.store().envelope(index));
    StoredPayload.Present kept = (StoredPayload.Present) ledger.store().payload(index);
    boolean same =
        Payload.commitment(kept.salt(), submission.content()).equals(envelope.commitment());
    return same
        ? committed(index, true)
        : new SubmitResult.Rejected(OutcomeKind.ID_REUSED, "id reused");
  }

  private SubmitResult committed(long index, boolean repeated) throws IOException {
    long size = ledger.store().size();
    StoredPayload.Present kept = (StoredPayload.Present) ledger.store().payload(index);
    return new SubmitResult.Committed(
        new CommittedEntry(
            ledger.store().envelope(index),
            kept.salt(),
            InclusionProof.build(ledger.store(), index, size),
            ledger.head(size)),
        repeated);
  }

  @Override
  public synchronized CompletableFuture<Outcome> outcome(
      String principal, RequestId id, long deadlineMicros) {
    return CompletableFuture.completedFuture(outcome);
  }

  @Override
  public CompletableFuture<Bytes> read(ReplicaId replica, Bytes question) {
    return CompletableFuture.completedFuture(Bytes.EMPTY);
  }

  @Override
  public CompletableFuture<Optional<LoggedHead>> head(ReplicaId replica) {
    return CompletableFuture.completedFuture(Optional.of(ledger.head(ledger.store().size())));
  }

  @Override
  public synchronized List<ReplicaStanding> standings() {
    List<ReplicaStanding> standings = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ReplicaId id = new ReplicaId(i);
      Standing standing =
          new Standing(0, id, new Tip(0, 5, 0), 1, 3, ledger.store().head(), "0.1.0", true);
      standings.add(
          new ReplicaStanding(
              id, i < reachable, i < reachable ? Optional.of(standing) : Optional.empty()));
    }
    return standings;
  }

  @Override
  public OptionalLong ledgerMicros() {
    return expectedLedgerMicros();
  }

  @Override
  public synchronized OptionalLong expectedLedgerMicros() {
    return now;
  }

  @Override
  public synchronized Optional<CopyHead> head() {
    return head;
  }

  @Override
  public LedgerStore store() {
    return ledger.store();
  }

  @Override
  public StreamTable streams() {
    return ledger.streams();
  }

  @Override
  public OptionalLong find(String principal, RequestId id) throws IOException {
    long size = head().map(CopyHead::size).orElse(0L);
    for (long i = 0; i < size; i++) {
      Envelope envelope = Envelope.parse(ledger.store().envelope(i));
      if (envelope.principal().equals(principal) && envelope.id().equals(id)) {
        return OptionalLong.of(i);
      }
    }
    return OptionalLong.empty();
  }

  @Override
  public CompletableFuture<Boolean> covers(long size, long millis) {
    return CompletableFuture.completedFuture(head().map(CopyHead::size).orElse(0L) >= size);
  }
}
