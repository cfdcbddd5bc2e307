package io.tallystick.ledger.store;

import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.StatementWriter;
import io.tallystick.ledger.entry.Envelope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Finds the first entry that bears a principal's id, however old: what a gateway resolves
 * idempotency keys from. A hash table on disk in 4,096 parts, each a run of slots (u64 fingerprint,
 * u64 index + 1) that is written anew, twice as long, when it is half full; so no insertion takes
 * long, and memory holds where the parts are, nothing else. Fingerprints are keyed by a seed of the
 * file's own: nobody chooses ids that collide. A fingerprint proves nothing: the envelope is asked.
 *
 * <p>Says up to which entry it is complete ({@link #covered}); what a crash lost after that is
 * added again by whoever opens it. One thread adds and syncs; any find.
 */
public final class IdIndex implements AutoCloseable {
  private static final int PARTS = 4096;
  private static final int PART_SHIFT = 64 - 12;
  private static final int SLOT_BYTES = 16;
  private static final int FIRST_SLOTS = 32;
  private static final int PROBE_SLOTS = 64;
  private static final int SEED_BYTES = 32;

  private final FileChannel slots;
  private final ReadHandle reader;
  private final MarkedDirectory directory;
  private final LedgerStore store;

  private IdIndex(Path path, MarkedDirectory directory, LedgerStore store) throws IOException {
    this.directory = directory;
    this.store = store;
    this.slots = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    this.reader = new ReadHandle(path);
  }

  /** Opens the index of {@code store} and adds what it lacks, or makes one. */
  public static IdIndex open(Path path, LedgerStore store) throws IOException {
    byte[] seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    Path parts = path.resolveSibling(path.getFileName() + ".parts");
    MarkedDirectory directory = MarkedDirectory.open(parts, PARTS, Bytes.wrap(seed));
    IdIndex index = new IdIndex(path, directory, store);
    try {
      directory.covered = Math.min(directory.covered, store.size());
      index.addMissing();
      return index;
    } catch (IOException | RuntimeException e) {
      index.close();
      throw e;
    }
  }

  /** Adds all entries that the store has and the index doesn't. */
  public void addMissing() throws IOException {
    for (long at = directory.covered; at < store.size(); at = directory.covered) {
      Envelope envelope = Envelope.parse(store.envelope(at));
      add(envelope.principal(), envelope.id(), at);
    }
  }

  /** Entries that the index knows: all below this index. */
  public synchronized long covered() {
    return directory.covered;
  }

  /**
   * Adds the next entry.
   *
   * @throws IllegalStateException when it isn't the one after those that are covered
   */
  public synchronized void add(String principal, RequestId id, long index) throws IOException {
    if (index != directory.covered) {
      throw new IllegalStateException("entry: " + index + " (expected: " + directory.covered + ")");
    }
    long fingerprint = fingerprint(principal, id);
    int part = (int) (fingerprint >>> PART_SHIFT);
    if (2 * directory.used[part] >= directory.slots[part]) {
      grow(part);
    }
    Probe probe = probe(part, fingerprint, index + 1);
    while (probe.free < 0 && !probe.found) {
      // Fuller than was known: a crash took the directory's later state along
      grow(part);
      probe = probe(part, fingerprint, index + 1);
    }
    if (!probe.found) {
      ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES).putLong(fingerprint).putLong(index + 1);
      write(slot.flip(), directory.starts[part] + (long) probe.free * SLOT_BYTES);
    }
    directory.used[part]++;
    directory.covered++;
  }

  /** What a search came upon: candidates' indexes, a certain slot, the first free slot or −1. */
  private static final class Probe {
    final List<Long> candidates = new ArrayList<>();
    boolean found;
    int free = -1;
  }

  private Probe probe(int part, long fingerprint, long wanted) throws IOException {
    Probe probe = new Probe();
    int count = directory.slots[part];
    int at = home(fingerprint, count);
    for (int probed = 0; probed < count && probe.free < 0; ) {
      int some = Math.min(PROBE_SLOTS, Math.min(count - at, count - probed));
      long offset = directory.starts[part] + (long) at * SLOT_BYTES;
      ByteBuffer content = ByteBuffer.wrap(reader.read(offset, some * SLOT_BYTES));
      for (int i = 0; i < some && probe.free < 0; i++) {
        boolean same = content.getLong() == fingerprint;
        long index = content.getLong();
        if (index == 0) {
          probe.free = at + i;
        } else if (same) {
          probe.candidates.add(index - 1);
          probe.found |= index == wanted;
        }
      }
      probed += some;
      at = (at + some) % count;
    }
    return probe;
  }

  private byte[] load(int part) throws IOException {
    return reader.read(directory.starts[part], directory.slots[part] * SLOT_BYTES);
  }

  private static int home(long fingerprint, int count) {
    return count == 0 ? 0 : (int) (fingerprint & count - 1);
  }

  private void grow(int part) throws IOException {
    int old = directory.slots[part];
    int count = old == 0 ? FIRST_SLOTS : 2 * old;
    ByteBuffer grown = ByteBuffer.allocate(count * SLOT_BYTES);
    int used = 0;
    if (old > 0) {
      ByteBuffer content = ByteBuffer.wrap(load(part));
      while (content.hasRemaining()) {
        long fingerprint = content.getLong();
        long index = content.getLong();
        // What the store no longer has was added before a crash, and comes again
        if (index > 0 && index <= directory.covered) {
          place(grown, fingerprint, index, count);
          used++;
        }
      }
    }
    long start = directory.end;
    write(grown.clear(), start);
    directory.end = start + (long) count * SLOT_BYTES;
    directory.starts[part] = start;
    directory.slots[part] = count;
    directory.used[part] = used;
  }

  private static void place(ByteBuffer grown, long fingerprint, long index, int count) {
    int at = home(fingerprint, count);
    while (grown.getLong(at * SLOT_BYTES + Long.BYTES) != 0) {
      at = (at + 1) % count;
    }
    grown.putLong(at * SLOT_BYTES, fingerprint).putLong(at * SLOT_BYTES + Long.BYTES, index);
  }

  /** The first entry of the store with this id of this principal, if the index knows one. */
  public OptionalLong find(String principal, RequestId id) throws IOException {
    long first = Long.MAX_VALUE;
    for (long index : candidates(fingerprint(principal, id))) {
      if (index < first && index < store.size() && bears(index, principal, id)) {
        first = index;
      }
    }
    return first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first);
  }

  private synchronized List<Long> candidates(long fingerprint) throws IOException {
    return probe((int) (fingerprint >>> PART_SHIFT), fingerprint, 0).candidates;
  }

  private boolean bears(long index, String principal, RequestId id) throws IOException {
    Envelope envelope = Envelope.parse(store.envelope(index));
    return envelope.principal().equals(principal) && envelope.id().equals(id);
  }

  private long fingerprint(String principal, RequestId id) {
    Digest hash =
        new StatementWriter().raw(directory.seed).string(principal).raw(id.bytes()).hash();
    return hash.prefix();
  }

  private void write(ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += slots.write(bytes, at);
    }
  }

  /** Makes durable what was added. */
  public synchronized void sync() throws IOException {
    slots.force(false);
    directory.write();
  }

  @Override
  public synchronized void close() throws IOException {
    slots.close();
    reader.close();
  }
}
