package io.tallystick.ledger.follower;

import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerEntry;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import io.tallystick.ledger.store.DamagedStoreException;
import io.tallystick.ledger.store.IdIndex;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.MarkFile;
import io.tallystick.ledger.store.StreamTable;
import io.tallystick.ledger.store.StreamTable.Posting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A copy on disk: {@code store/}, {@code streams/}, {@code ids}, and {@code mark}, which says how
 * much of them counts after a start. All that is ever appended was verified before. The follower's
 * thread writes; any thread reads.
 */
final class CopyStorage implements AutoCloseable {
  private static final int PROBE_BYTES = 1 << 20;

  private final LedgerStore store;
  private final StreamTable streams;
  private final IdIndex ids;
  private final MarkFile mark;
  private final Optional<CopyHead> proof;
  private long markedSize;
  private boolean damaged;

  private CopyStorage(
      LedgerStore store,
      StreamTable streams,
      IdIndex ids,
      MarkFile mark,
      Optional<CopyHead> proof) {
    this.store = store;
    this.streams = streams;
    this.ids = ids;
    this.mark = mark;
    this.proof = proof;
    this.markedSize = store.size();
  }

  /**
   * Opens a copy, or begins one.
   *
   * @throws DamagedStoreException when files don't hold what the mark vouches for, or the mark is
   *     another ledger's
   */
  static CopyStorage open(Path directory, HeadVerifier verifier) throws IOException {
    Files.createDirectories(directory);
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      Path markPath = directory.resolve("mark");
      MarkFile mark = MarkFile.open(markPath);
      opened.add(mark);
      LedgerStore store = LedgerStore.open(directory.resolve("store"));
      opened.add(store);
      Optional<Bytes> content = mark.newest();
      Optional<CopyHead> proof = Optional.empty();
      if (content.isPresent()) {
        proof = Optional.of(restore(markPath, content.get(), store, verifier));
      } else {
        store.truncateTo(0);
      }
      StreamTable streams = StreamTable.open(directory.resolve("streams"), store);
      opened.add(streams);
      IdIndex ids = IdIndex.open(directory.resolve("ids"), store);
      return new CopyStorage(store, streams, ids, mark, proof);
    } catch (IOException | RuntimeException e) {
      closeAll(opened, e);
      throw e;
    }
  }

  private static CopyHead restore(
      Path path, Bytes content, LedgerStore store, HeadVerifier verifier) throws IOException {
    CopyMark mark =
        CopyMark.decode(content)
            .orElseThrow(() -> new DamagedStoreException(path, 0, "isn't a follower's mark"));
    CopyHead proof =
        verifier
            .verify(mark.proof())
            .orElseThrow(
                () -> new DamagedStoreException(path, 0, "its head isn't signed by this ledger"));
    store.truncateTo(mark.size());
    boolean whole = proof.size() > mark.size() || proof.root().equals(store.rootAt(proof.size()));
    if (!whole || !store.head().root().equals(mark.root())) {
      throw new DamagedStoreException(
          path, 0, "the entries beside it have another root than it vouches for");
    }
    return proof;
  }

  LedgerStore store() {
    return store;
  }

  StreamTable streams() {
    return streams;
  }

  IdIndex ids() {
    return ids;
  }

  /** The head that proved what was there at the start: that many entries, or more. */
  Optional<CopyHead> proof() {
    return proof;
  }

  /** Whether it must be opened anew before anything can be appended. */
  boolean isDamaged() {
    return damaged;
  }

  /**
   * Appends entries that are verified, and what the indexes say of them.
   *
   * @throws IOException when the disk failed or is full; see {@link #isDamaged}
   */
  void append(List<LedgerEntry> entries, List<Envelope> envelopes) throws IOException {
    long first = store.size();
    store.append(entries);
    damaged = true;
    List<Posting> postings = new ArrayList<>(envelopes.size());
    for (int i = 0; i < envelopes.size(); i++) {
      Envelope envelope = envelopes.get(i);
      postings.add(new Posting(envelope.stream(), envelope.streamIndex(), first + i));
      ids.add(envelope.principal(), envelope.id(), first + i);
    }
    streams.add(postings);
    damaged = false;
  }

  /** Whether there is anything to make durable. */
  boolean isDirty() {
    return store.size() != markedSize;
  }

  /** Makes durable what is there; {@code by} proved all of it. */
  void sync(CopyHead by) throws IOException {
    damaged = true;
    long size = store.sync();
    streams.sync();
    ids.sync();
    mark.write(new CopyMark(size, store.rootAt(size), by.head()).encode());
    markedSize = size;
    damaged = false;
  }

  /** Fails while the disk that {@code directory} is on takes nothing. */
  static void probe(Path directory) throws IOException {
    Path file = directory.resolve("probe");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(PROBE_BYTES);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void closeAll(List<AutoCloseable> opened, Exception why) {
    for (AutoCloseable resource : opened) {
      try {
        resource.close();
      } catch (Exception e) {
        why.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (mark;
        store;
        streams;
        ids) {
      damaged = true;
    }
  }
}
