package io.tallystick.ledger.state;

import io.tallystick.bft.message.TreeHead;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.merkle.CompactRange;
import io.tallystick.ledger.entry.LedgerEntry;
import io.tallystick.ledger.entry.Names;
import io.tallystick.ledger.entry.SystemEntry;
import io.tallystick.ledger.store.DamagedStoreException;
import io.tallystick.ledger.store.Directories;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.MarkFile;
import io.tallystick.ledger.store.StoredPayload;
import io.tallystick.ledger.store.StreamTable;
import io.tallystick.ledger.store.StreamTable.Posting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a ledger keeps on disk, brought to where its newest mark says: what is beyond is
 * cut, what is missing is damage. Without a mark a ledger begins, unless there are entries already.
 */
record LedgerFiles(
    LedgerStore store,
    StreamTable streams,
    Outcomes outcomes,
    MarkFile marks,
    CheckpointFile checkpoint,
    Mark standing) {

  static LedgerFiles open(Path directory, Genesis genesis) throws IOException {
    Files.createDirectories(directory);
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      return new Opening(directory, genesis, opened).open();
    } catch (IOException | RuntimeException e) {
      while (!opened.isEmpty()) {
        closeQuietly(opened.pop(), e);
      }
      throw e;
    }
  }

  private static void closeQuietly(AutoCloseable one, Exception why) {
    try {
      one.close();
    } catch (Exception e) {
      why.addSuppressed(e);
    }
  }

  private record Opening(Path directory, Genesis genesis, Deque<AutoCloseable> opened) {
    LedgerFiles open() throws IOException {
      MarkFile marks = keep(MarkFile.open(directory.resolve("mark")));
      LedgerStore store = keep(LedgerStore.open(directory.resolve("store")));
      Optional<Bytes> newest = marks.newest();
      return newest.isPresent() ? resume(marks, store, mark(newest.get())) : begin(marks, store);
    }

    private <T extends AutoCloseable> T keep(T one) {
      opened.push(one);
      return one;
    }

    private Mark mark(Bytes content) throws IOException {
      Path file = directory.resolve("mark");
      Mark mark =
          Mark.decode(content)
              .orElseThrow(
                  () -> new DamagedStoreException(file, 0, "a mark of a version not known here"));
      if (!mark.genesis().equals(genesis.hash())) {
        throw new DamagedStoreException(
            file, 0, "ledger " + mark.genesis() + " (expected: " + genesis.hash() + ")");
      }
      return mark;
    }

    private LedgerFiles resume(MarkFile marks, LedgerStore store, Mark mark) throws IOException {
      store.truncateTo(mark.head().size());
      if (!store.head().equals(mark.head())) {
        throw new DamagedStoreException(
            directory.resolve("store"),
            0,
            "hashes of " + store.head() + " (expected: " + mark.head() + ")");
      }
      boolean ours =
          store.payload(0) instanceof StoredPayload.Present(Bytes salt, Bytes content)
              && content.equals(genesis.bytes());
      if (!ours) {
        throw new DamagedStoreException(
            directory.resolve("store"), 0, "entry 0 isn't the genesis file");
      }
      StreamTable streams = keep(StreamTable.open(directory.resolve("streams"), store));
      Outcomes outcomes =
          keep(Outcomes.open(directory.resolve("outcomes"), deadlineMicrosMax(), mark));
      return new LedgerFiles(store, streams, outcomes, marks, checkpoint(), mark);
    }

    private LedgerFiles begin(MarkFile marks, LedgerStore store) throws IOException {
      if (store.size() > 1) {
        throw new DamagedStoreException(
            directory.resolve("mark"), 0, "no mark, though there are " + store.size() + " entries");
      }
      store.truncateTo(0);
      StreamTable streams = keep(StreamTable.open(directory.resolve("streams"), store));
      LedgerEntry entry = SystemEntry.genesis(genesis.bytes(), genesis.timeMicros());
      TreeHead head = store.append(List.of(entry));
      streams.add(List.of(new Posting(Names.SYSTEM, 0, 0)));
      Outcomes outcomes =
          keep(
              Outcomes.create(
                  directory.resolve("outcomes"), deadlineMicrosMax(), genesis.timeMicros()));
      Mark mark = new Mark(genesis.hash(), 0, genesis.timeMicros(), head, 0, new CompactRange());
      store.sync();
      streams.sync();
      Directories.sync(directory);
      marks.write(mark.encode());
      return new LedgerFiles(store, streams, outcomes, marks, checkpoint(), mark);
    }

    private CheckpointFile checkpoint() throws IOException {
      return new CheckpointFile(directory.resolve("checkpoint"), genesis);
    }

    private long deadlineMicrosMax() {
      return genesis.parameters().deadlineMillisMax() * 1_000L;
    }
  }
}
