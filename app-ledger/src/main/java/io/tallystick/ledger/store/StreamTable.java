package io.tallystick.ledger.store;

import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.entry.Envelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which entries a stream has: how many, and where in the ledger its n-th is. In memory are the
 * names and, for each stream, the numbers of its blocks and its last, unfinished block; finished
 * blocks are on disk ({@link PostingFile}). All of it follows from the envelopes, and is rebuilt
 * from them when it doesn't fit the store. One thread adds, one syncs, any read.
 */
public final class StreamTable implements AutoCloseable {
  /** Most streams of a ledger; about 80 MB of memory, if there were as many. */
  public static final int STREAMS_MAX = 1 << 17;

  /** Finished blocks wait in memory for being written, so many at most (2 MiB). */
  private static final int UNWRITTEN_BLOCKS_MAX = 4096;

  private static final int ADD_BATCH = 4096;

  private final PostingFile file;
  private final Object writing = new Object();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock
  private final NavigableMap<String, Postings> byName = new TreeMap<>();
  private final Set<Postings> dirty = new LinkedHashSet<>();
  private final Map<Integer, PostingBlock> unwritten = new HashMap<>();
  private final List<String> unwrittenNames = new ArrayList<>();
  private int nextBlock;
  private long size;

  /** A stream and the number of its entries. */
  public record StreamCount(String stream, long count) {}

  /** One entry's place. */
  public record Posting(String stream, long streamIndex, long index) {}

  /** What of a stream is in memory. */
  private static final class Postings {
    final int id;
    int[] blocks = new int[1];
    long[] tail = new long[4];
    int blockCount;
    int tailCount;

    Postings(int id) {
      this.id = id;
    }

    long count() {
      return Math.max(0, blockCount - 1L) * PostingFile.BLOCK_POSTINGS + tailCount;
    }
  }

  private StreamTable(PostingFile file) {
    this.file = file;
  }

  /**
   * Opens the table for the entries of {@code store}, of which it forgets those that the store
   * doesn't have; rebuilds it if it lacks any.
   */
  public static StreamTable open(Path directory, LedgerStore store) throws IOException {
    Files.createDirectories(directory);
    StreamTable table = new StreamTable(PostingFile.open(directory));
    try {
      if (!table.load(store.size()) || !table.fits(store)) {
        table.close();
        PostingFile.delete(directory);
        table = new StreamTable(PostingFile.open(directory));
        table.fill(store);
      }
      return table;
    } catch (IOException | RuntimeException e) {
      table.close();
      throw e;
    }
  }

  private boolean load(long storeSize) throws IOException {
    PostingFile.Contents contents = file.load(storeSize);
    if (contents == null) {
      return false;
    }
    nextBlock = contents.blockCount();
    for (int id = 0; id < contents.names().size(); id++) {
      Postings postings = new Postings(id);
      List<PostingBlock> blocks = contents.blocks().get(id);
      for (PostingBlock block : blocks) {
        append(postings, block.number());
      }
      PostingBlock last = blocks.getLast();
      boolean full = last.count() == PostingFile.BLOCK_POSTINGS;
      postings.tail = full ? file.postings(last.number()) : last.postings();
      postings.tailCount = last.count();
      size += postings.count();
      byName.put(contents.names().get(id), postings);
      if (contents.trimmed().get(id)) {
        dirty.add(postings);
      }
    }
    return size == storeSize;
  }

  /** Whether each stream's last entry is what the store has there: its name, and its number. */
  private boolean fits(LedgerStore store) throws IOException {
    for (Map.Entry<String, Postings> stream : byName.entrySet()) {
      Postings postings = stream.getValue();
      Envelope last = Envelope.parse(store.envelope(postings.tail[postings.tailCount - 1]));
      if (!last.stream().equals(stream.getKey()) || last.streamIndex() != postings.count() - 1) {
        return false;
      }
    }
    return true;
  }

  private void fill(LedgerStore store) throws IOException {
    List<Posting> batch = new ArrayList<>();
    for (long at = 0; at < store.size(); at++) {
      Envelope envelope = Envelope.parse(store.envelope(at));
      batch.add(new Posting(envelope.stream(), envelope.streamIndex(), at));
      if (batch.size() == ADD_BATCH || at == store.size() - 1) {
        spill();
        add(batch);
        batch.clear();
      }
    }
  }

  /** Entries that the table knows: all of the ledger's below this index. */
  public long size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Number of streams. */
  public int streams() {
    lock.lock();
    try {
      return byName.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many entries a stream has: 0 if there is no such stream. */
  public long count(String stream) {
    lock.lock();
    try {
      Postings postings = byName.get(stream);
      return postings == null ? 0 : postings.count();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds the next entries of the ledger, which the store holds already. Writes nothing.
   *
   * @throws IllegalStateException when one isn't the ledger's next, or its stream's
   */
  public void add(List<Posting> batch) {
    lock.lock();
    try {
      for (Posting posting : batch) {
        add(posting);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes finished blocks, without syncing, if many wait: whoever adds calls this first.
   *
   * @throws IOException when they couldn't be written; they go on waiting
   */
  public void spill() throws IOException {
    lock.lock();
    try {
      if (unwritten.size() <= UNWRITTEN_BLOCKS_MAX) {
        return;
      }
    } finally {
      lock.unlock();
    }
    write();
  }

  private void add(Posting posting) {
    Postings postings = byName.get(posting.stream);
    if (postings == null) {
      postings = new Postings(byName.size());
      byName.put(posting.stream, postings);
      unwrittenNames.add(posting.stream);
    }
    if (posting.index != size || posting.streamIndex != postings.count()) {
      throw new IllegalStateException(
          "entry " + posting + " (expected: " + size + ", " + postings.count() + " of its stream)");
    }
    if (postings.blockCount == 0 || postings.tailCount == PostingFile.BLOCK_POSTINGS) {
      if (postings.blockCount > 0) {
        PostingBlock full = tailBlock(postings);
        unwritten.put(full.number(), full);
        postings.tail = new long[8];
        postings.tailCount = 0;
      }
      append(postings, nextBlock++);
    }
    if (postings.tailCount == postings.tail.length) {
      int more = Math.min(2 * postings.tailCount, PostingFile.BLOCK_POSTINGS);
      postings.tail = Arrays.copyOf(postings.tail, more);
    }
    postings.tail[postings.tailCount++] = posting.index;
    dirty.add(postings);
    size++;
  }

  private static void append(Postings postings, int block) {
    if (postings.blockCount == postings.blocks.length) {
      postings.blocks = Arrays.copyOf(postings.blocks, 2 * postings.blockCount);
    }
    postings.blocks[postings.blockCount++] = block;
  }

  private static PostingBlock tailBlock(Postings postings) {
    int ordinal = postings.blockCount - 1;
    return new PostingBlock(
        postings.blocks[ordinal],
        postings.id,
        ordinal,
        Arrays.copyOf(postings.tail, postings.tailCount),
        postings.tailCount);
  }

  /** Where in the ledger the n-th entry of a stream is, if it has one. */
  public OptionalLong entry(String stream, long n) throws IOException {
    int block;
    int at = (int) (n % PostingFile.BLOCK_POSTINGS);
    lock.lock();
    try {
      Postings postings = byName.get(stream);
      if (postings == null || n < 0 || n >= postings.count()) {
        return OptionalLong.empty();
      }
      int ordinal = (int) (n / PostingFile.BLOCK_POSTINGS);
      if (ordinal == postings.blockCount - 1) {
        return OptionalLong.of(postings.tail[at]);
      }
      block = postings.blocks[ordinal];
      @Nullable PostingBlock waiting = unwritten.get(block);
      if (waiting != null) {
        return OptionalLong.of(waiting.postings()[at]);
      }
    } finally {
      lock.unlock();
    }
    return OptionalLong.of(file.posting(block, at));
  }

  /** Up to {@code limit} streams whose names come after {@code after}, in order. */
  public List<StreamCount> list(String after, int limit) {
    lock.lock();
    try {
      List<StreamCount> page = new ArrayList<>();
      for (Map.Entry<String, Postings> stream : byName.tailMap(after, false).entrySet()) {
        if (page.size() == limit) {
          break;
        }
        page.add(new StreamCount(stream.getKey(), stream.getValue().count()));
      }
      return page;
    } finally {
      lock.unlock();
    }
  }

  /** Makes durable what was added when this was called; may run beside {@link #add}. */
  public void sync() throws IOException {
    write();
    file.sync();
  }

  private void write() throws IOException {
    // One at a time, so that no older version of a block is written over a newer one
    synchronized (writing) {
      List<PostingBlock> finished;
      List<Postings> unfinished;
      List<PostingBlock> tails = new ArrayList<>();
      List<String> names;
      lock.lock();
      try {
        finished = List.copyOf(unwritten.values());
        names = List.copyOf(unwrittenNames);
        unfinished = List.copyOf(dirty);
        unfinished.forEach(postings -> tails.add(tailBlock(postings)));
        dirty.clear();
      } finally {
        lock.unlock();
      }
      boolean written = false;
      try {
        file.write(finished);
        file.write(tails);
        file.writeNames(names.stream().map(Bytes::utf8).toList());
        written = true;
      } finally {
        settle(written, finished, unfinished, names.size());
      }
    }
  }

  private void settle(boolean written, List<PostingBlock> blocks, List<Postings> tails, int names) {
    lock.lock();
    try {
      if (written) {
        blocks.forEach(block -> unwritten.remove(block.number()));
        unwrittenNames.subList(0, names).clear();
      } else {
        dirty.addAll(tails);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
