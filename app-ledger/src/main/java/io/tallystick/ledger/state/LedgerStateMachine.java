package io.tallystick.ledger.state;

import io.tallystick.bft.engine.Event.ApplicationState;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.statemachine.StateMachine;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.note.SignedNote;
import io.tallystick.ledger.read.Appendix;
import io.tallystick.ledger.read.Reader;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.MarkFile;
import io.tallystick.ledger.store.StreamTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The audit ledger. Under its directory: {@code store/} ({@link LedgerStore}), {@code streams/}
 * ({@link StreamTable}), {@code outcomes/}, {@code mark} (where all of these stand), {@code
 * checkpoint} (the newest published head). A batch is decided first, then written, then counts: one
 * that couldn't be written has changed nothing, and may be executed again when there is space.
 */
public final class LedgerStateMachine implements StateMachine {
  private final Genesis genesis;
  private final LedgerStore store;
  private final StreamTable streams;
  private final Outcomes outcomes;
  private final MarkFile marks;
  private final CheckpointFile checkpoint;
  private final Reader reader;
  private final Execution.Ground ground;
  private volatile Mark standing;
  private long syncedSeq;

  LedgerStateMachine(Genesis genesis, LedgerFiles files) {
    this.genesis = genesis;
    this.store = files.store();
    this.streams = files.streams();
    this.outcomes = files.outcomes();
    this.marks = files.marks();
    this.checkpoint = files.checkpoint();
    this.standing = files.standing();
    this.syncedSeq = standing.seq();
    this.reader = new Reader(store);
    this.ground =
        new Execution.Ground(genesis, new Grants(genesis.grants()), store, streams, outcomes);
  }

  /**
   * Opens the ledger as its newest mark says, or begins one with genesis as entry 0.
   *
   * @throws io.tallystick.ledger.store.DamagedStoreException when files lack what the mark vouches
   *     for, or belong to another ledger
   */
  public static LedgerStateMachine open(Path directory, Genesis genesis) throws IOException {
    return new LedgerStateMachine(genesis, LedgerFiles.open(directory, genesis));
  }

  @Override
  public ApplicationState state() {
    Mark now = standing;
    return new ApplicationState(now.seq(), now.timeMicros(), now.head());
  }

  @Override
  public Result execute(long seq, long ledgerTimeMicros, List<Bundle> bundles) throws IOException {
    Mark before = standing;
    if (seq != before.seq() + 1 || ledgerTimeMicros < before.timeMicros()) {
      throw new IllegalStateException(
          "batch "
              + seq
              + " at "
              + ledgerTimeMicros
              + " (expected: "
              + (before.seq() + 1)
              + ", not before "
              + before.timeMicros()
              + ")");
    }
    outcomes.expire(ledgerTimeMicros);
    Execution batch = new Execution(ground, ledgerTimeMicros);
    List<List<Outcome>> results = new ArrayList<>(bundles.size());
    for (Bundle bundle : bundles) {
      results.add(batch.execute(bundle));
    }
    // What may fail comes first, the store last of it: only what is in there is visible
    streams.spill();
    Outcomes.Prepared prepared = outcomes.prepare(batch.records);
    TreeHead head = batch.entries.isEmpty() ? before.head() : store.append(batch.entries);
    streams.add(batch.postings);
    outcomes.commit(prepared, ledgerTimeMicros);
    standing =
        new Mark(
            genesis.hash(), seq, ledgerTimeMicros, head, outcomes.firstKept(), outcomes.tree());
    return new Result(results, head);
  }

  @Override
  public Digest stateDigest() {
    return standing.stateDigest();
  }

  @Override
  public synchronized long sync(Before before) throws IOException {
    Mark covered = standing;
    if (covered.seq() > syncedSeq) {
      store.sync();
      streams.sync();
      outcomes.sync();
      before.sync();
      marks.write(covered.encode());
      syncedSeq = covered.seq();
      outcomes.deleteBelow(covered.firstOutcome());
    }
    return covered.seq();
  }

  @Override
  public Bytes appendix(Bundle bundle, List<Outcome> ended, TreeHead head) throws IOException {
    return Appendix.build(store, bundle, ended, head);
  }

  @Override
  public Outcome outcome(String principal, RequestId id, long deadlineMicros) {
    return outcomes.ask(principal, id, deadlineMicros);
  }

  @Override
  public Bytes read(Bytes question) throws IOException {
    return reader.answer(question);
  }

  @Override
  public void published(LoggedHead head) throws IOException {
    checkpoint.write(head);
  }

  /** The newest published head that was kept, as a note that the genesis policy accepts. */
  public Optional<SignedNote> checkpoint() {
    return checkpoint.newest();
  }

  /** The entries, for whoever reads on this machine. */
  public LedgerStore store() {
    return store;
  }

  /** The streams' entries. */
  public StreamTable streams() {
    return streams;
  }

  @Override
  public synchronized void close() throws IOException {
    marks.close();
    outcomes.close();
    streams.close();
    store.close();
  }
}
