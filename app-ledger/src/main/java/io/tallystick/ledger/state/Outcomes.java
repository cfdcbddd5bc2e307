package io.tallystick.ledger.state;

import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.merkle.CompactRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How requests ended, in memory and on disk, together with the ledger time as of which that is
 * told. The application's thread prepares and commits a batch's records; any thread asks; one more
 * syncs.
 */
final class Outcomes implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final OutcomeFiles files;
  private final long deadlineMicrosMax;

  // Guarded by lock
  private final OutcomeTable table;
  private long timeMicros;

  /** Records that are written, and don't count yet. */
  record Prepared(CompactRange tree, List<byte[]> leaves) {}

  private Outcomes(OutcomeFiles files, OutcomeTable table, long deadlineMicrosMax, long time) {
    this.files = files;
    this.table = table;
    this.deadlineMicrosMax = deadlineMicrosMax;
    this.timeMicros = time;
  }

  /** No outcomes yet, at the ledger time of genesis. */
  static Outcomes create(Path directory, long deadlineMicrosMax, long timeMicros)
      throws IOException {
    OutcomeFiles files = OutcomeFiles.create(directory);
    return new Outcomes(files, new OutcomeTable(0), deadlineMicrosMax, timeMicros);
  }

  /** Those that a mark vouches for. */
  static Outcomes open(Path directory, long deadlineMicrosMax, Mark mark) throws IOException {
    OutcomeTable table = new OutcomeTable(mark.firstOutcome());
    OutcomeFiles files =
        OutcomeFiles.open(directory, mark.firstOutcome(), mark.outcomes(), table::append);
    table.expire(mark.timeMicros());
    return new Outcomes(files, table, deadlineMicrosMax, mark.timeMicros());
  }

  /** Enters a batch: what has expired at its ledger time counts no more. */
  void expire(long batchTimeMicros) {
    lock.lock();
    try {
      table.expire(batchTimeMicros);
    } finally {
      lock.unlock();
    }
  }

  /** Records that count. */
  long live() {
    lock.lock();
    try {
      return table.live();
    } finally {
      lock.unlock();
    }
  }

  /** The outcome of that principal's request that counts at {@code batchTimeMicros}. */
  Optional<Outcome> find(String principal, RequestId id, long batchTimeMicros) {
    lock.lock();
    try {
      return table.find(principal, id, batchTimeMicros);
    } finally {
      lock.unlock();
    }
  }

  /** Answers a query, as of the last committed batch (design 12). */
  Outcome ask(String principal, RequestId id, long deadlineMicros) {
    lock.lock();
    try {
      Optional<Outcome> known = table.find(principal, id, timeMicros);
      if (known.isPresent()) {
        return known.get();
      }
      if (deadlineMicros < 0 || timeMicros <= deadlineMicros) {
        return Outcome.of(OutcomeKind.PENDING);
      }
      boolean certain = timeMicros - deadlineMicros <= deadlineMicrosMax;
      return Outcome.of(certain ? OutcomeKind.ABSENT : OutcomeKind.UNKNOWN);
    } finally {
      lock.unlock();
    }
  }

  Prepared prepare(List<OutcomeRecord> records) throws IOException {
    List<byte[]> leaves = records.stream().map(OutcomeRecord::leaf).toList();
    return new Prepared(files.prepare(leaves), leaves);
  }

  /** Makes a batch's records and its time count; forgets segments that are expired whole. */
  void commit(Prepared prepared, long batchTimeMicros) {
    files.commit(prepared.tree);
    lock.lock();
    try {
      prepared.leaves.forEach(table::append);
      table.dropExpired();
      timeMicros = batchTimeMicros;
    } finally {
      lock.unlock();
    }
  }

  /** The tree of all records ever made; for the application's thread. */
  CompactRange tree() {
    return files.tree();
  }

  /** Index of the first record that is kept. */
  long firstKept() {
    lock.lock();
    try {
      return table.firstKept();
    } finally {
      lock.unlock();
    }
  }

  void sync() throws IOException {
    files.sync();
  }

  void deleteBelow(long first) throws IOException {
    files.deleteBelow(first);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
