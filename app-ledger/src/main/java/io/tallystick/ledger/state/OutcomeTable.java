package io.tallystick.ledger.state;

import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The outcomes that are kept, found by (principal, id): packed segments, and an open-addressing
 * table of their indexes. The table is keyed by a seed of this process, so that nobody chooses ids
 * that collide; nothing but speed depends on it. Records expire in the order in which they came
 * (ledger time only grows), and an expired one is as good as none, its segment dropped or not.
 *
 * <p>Memory: 16 bytes for each slot at a load of a half, and the segments. Not for several threads:
 * {@link Outcomes} locks.
 */
final class OutcomeTable {
  private static final int FIRST_SLOTS = 1 << 12;

  private final byte[] seed = new byte[32];
  private final ArrayDeque<OutcomeSegment> segments = new ArrayDeque<>();
  private List<OutcomeSegment> byPosition = new ArrayList<>();
  private long[] hashes = new long[FIRST_SLOTS];
  private long[] indexes = new long[FIRST_SLOTS];
  private int used;
  private long firstKept;
  private long size;
  private long expired;

  /** An empty table whose next record is that of index {@code firstKept}. */
  OutcomeTable(long firstKept) {
    new SecureRandom().nextBytes(seed);
    this.firstKept = firstKept;
    this.size = firstKept;
    this.expired = firstKept;
  }

  /** Records ever made. */
  long size() {
    return size;
  }

  /** Index of the first record whose segment is kept. */
  long firstKept() {
    return firstKept;
  }

  /** Records that count. */
  long live() {
    return size - expired;
  }

  /** The record of that principal and id that counts at {@code timeMicros}, if there is one. */
  Optional<Outcome> find(String principal, RequestId id, long timeMicros) {
    byte[] name = principal.getBytes(StandardCharsets.UTF_8);
    int slot = slot(hash(name, id.bytes().unsafeArray()), name, id.bytes().unsafeArray());
    if (indexes[slot] == 0) {
      return Optional.empty();
    }
    long index = indexes[slot] - 1;
    OutcomeSegment segment = segment(index);
    int at = (int) (index - segment.first());
    return timeMicros > segment.expiresMicros(at)
        ? Optional.empty()
        : Optional.of(OutcomeRecord.outcome(segment.kind(at), segment.index(at)));
  }

  /** Adds the next record; takes the place of an expired one with the same key. */
  void append(byte[] leaf) {
    if (segments.isEmpty() || segments.getLast().count() == OutcomeSegment.RECORDS) {
      OutcomeSegment next = new OutcomeSegment(size);
      segments.add(next);
      byPosition.add(next);
    }
    OutcomeSegment segment = segments.getLast();
    segment.append(leaf);
    if (2 * (used + 1) > hashes.length) {
      grow();
    }
    insert(segment, segment.count() - 1, size);
    size++;
  }

  private void insert(OutcomeSegment segment, int at, long index) {
    byte[] key = segment.key(at);
    int split = key.length - RequestId.LENGTH;
    byte[] name = Arrays.copyOf(key, split);
    byte[] id = Arrays.copyOfRange(key, split, key.length);
    long hash = hash(name, id);
    int slot = slot(hash, name, id);
    if (indexes[slot] == 0) {
      used++;
    }
    hashes[slot] = hash;
    indexes[slot] = index + 1;
  }

  /** The slot of that key, or the free one where it would go. */
  private int slot(long hash, byte[] principal, byte[] id) {
    int mask = hashes.length - 1;
    int slot = (int) hash & mask;
    while (indexes[slot] != 0) {
      if (hashes[slot] == hash) {
        OutcomeSegment segment = segment(indexes[slot] - 1);
        if (segment.matches((int) (indexes[slot] - 1 - segment.first()), principal, id)) {
          return slot;
        }
      }
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private long hash(byte[] principal, byte[] id) {
    return Digest.sha256(seed, principal, id).prefix();
  }

  private OutcomeSegment segment(long index) {
    return byPosition.get((int) ((index - firstKept) / OutcomeSegment.RECORDS));
  }

  private void grow() {
    long[] oldHashes = hashes;
    long[] oldIndexes = indexes;
    hashes = new long[2 * oldHashes.length];
    indexes = new long[2 * oldIndexes.length];
    int mask = hashes.length - 1;
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldIndexes[i] != 0) {
        int slot = (int) oldHashes[i] & mask;
        while (indexes[slot] != 0) {
          slot = slot + 1 & mask;
        }
        hashes[slot] = oldHashes[i];
        indexes[slot] = oldIndexes[i];
      }
    }
  }

  /** Counts what has expired at {@code timeMicros}, which never goes back. */
  void expire(long timeMicros) {
    while (expired < size) {
      OutcomeSegment segment = segment(expired);
      if (segment.expiresMicros((int) (expired - segment.first())) >= timeMicros) {
        return;
      }
      expired++;
    }
  }

  /** Forgets segments of which nothing counts. */
  void dropExpired() {
    while (!segments.isEmpty() && expired - firstKept >= OutcomeSegment.RECORDS) {
      OutcomeSegment segment = segments.getFirst();
      for (int at = 0; at < segment.count(); at++) {
        remove(segment, at);
      }
      segments.removeFirst();
      byPosition = new ArrayList<>(segments);
      firstKept += OutcomeSegment.RECORDS;
    }
  }

  private void remove(OutcomeSegment segment, int at) {
    byte[] key = segment.key(at);
    int split = key.length - RequestId.LENGTH;
    byte[] name = Arrays.copyOf(key, split);
    byte[] id = Arrays.copyOfRange(key, split, key.length);
    int free = slot(hash(name, id), name, id);
    // A later record with the same key may have taken the slot over
    if (indexes[free] != segment.first() + at + 1) {
      return;
    }
    used--;
    int mask = hashes.length - 1;
    int next = free + 1 & mask;
    while (indexes[next] != 0) {
      // Closes the gap, so that what was put past it is still found
      int home = (int) hashes[next] & mask;
      boolean mayMove = (next - home & mask) >= (next - free & mask);
      if (mayMove) {
        hashes[free] = hashes[next];
        indexes[free] = indexes[next];
        free = next;
      }
      next = next + 1 & mask;
    }
    indexes[free] = 0;
    hashes[free] = 0;
  }
}
