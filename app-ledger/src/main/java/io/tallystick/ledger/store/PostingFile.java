package io.tallystick.ledger.store;

import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.entry.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream table on disk. File {@code streams}: the names in the order of their first entries,
 * each as u8 length and bytes; a stream's number is its place there. File {@code postings}: blocks
 * of 512 bytes, each for one stream: u32 stream + 1, u32 which of the stream's blocks (from 0),
 * then 62 times u64 index + 1 in ascending order, 0 where there is none yet. A stream's last block
 * is written again as it fills.
 */
final class PostingFile implements AutoCloseable {
  /** Postings of a block. */
  static final int BLOCK_POSTINGS = 62;

  private static final int BLOCK_BYTES = 512;
  private static final int READ_BLOCKS = 2048;
  private static final long[] NOT_LOADED = {};
  private static final String STREAMS = "streams";
  private static final String POSTINGS = "postings";

  private final Path directory;
  private final FileChannel blocks;
  private final ReadHandle reader;
  private final AppendFile names;
  private long namesLength;

  /**
   * What of the files belongs to a ledger of some size.
   *
   * @param blocks for each stream, in order; full ones without their postings
   * @param trimmed streams of which the file has postings beyond that size
   * @param blockCount blocks of the file, used or not
   */
  record Contents(
      List<String> names, List<List<PostingBlock>> blocks, BitSet trimmed, int blockCount) {}

  private PostingFile(Path directory, FileChannel blocks) throws IOException {
    this.directory = directory;
    this.blocks = blocks;
    this.reader = new ReadHandle(directory.resolve(POSTINGS));
    this.names = AppendFile.open(directory.resolve(STREAMS), ByteBuffer.allocateDirect(4096));
  }

  static PostingFile open(Path directory) throws IOException {
    FileChannel blocks =
        FileChannel.open(
            directory.resolve(POSTINGS),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    return new PostingFile(directory, blocks);
  }

  static void delete(Path directory) throws IOException {
    Files.delete(directory.resolve(POSTINGS));
    Files.delete(directory.resolve(STREAMS));
  }

  /**
   * Reads what belongs to the first {@code size} entries, and blanks blocks that hold none of it.
   *
   * @return null when the files don't hang together, and have to be made again
   */
  @Nullable Contents load(long size) throws IOException {
    List<String> allNames = loadNames();
    if (!areNames(allNames)) {
      return null;
    }
    BitSet trimmed = new BitSet();
    List<List<PostingBlock>> byStream = new ArrayList<>();
    for (int i = 0; i < allNames.size(); i++) {
      byStream.add(new ArrayList<>());
    }
    long count = blocks.size() / BLOCK_BYTES;
    if (count > Integer.MAX_VALUE / 2) {
      return null;
    }
    for (long first = 0; first < count; first += READ_BLOCKS) {
      int some = (int) Math.min(READ_BLOCKS, count - first);
      ByteBuffer read = ByteBuffer.wrap(reader.read(first * BLOCK_BYTES, some * BLOCK_BYTES));
      for (int i = 0; i < some; i++) {
        ByteBuffer bytes = read.slice(i * BLOCK_BYTES, BLOCK_BYTES);
        PostingBlock block = decode((int) first + i, bytes, size, trimmed);
        if (block != null && block.stream() >= allNames.size()) {
          return null;
        }
        if (block != null) {
          byStream.get(block.stream()).add(block);
        }
      }
    }
    int streams = allNames.size();
    while (streams > 0 && byStream.get(streams - 1).isEmpty()) {
      streams--;
    }
    for (List<PostingBlock> ofStream : byStream.subList(0, streams)) {
      ofStream.sort((left, right) -> Integer.compare(left.ordinal(), right.ordinal()));
      if (!hangsTogether(ofStream)) {
        return null;
      }
    }
    List<String> kept = List.copyOf(allNames.subList(0, streams));
    namesLength = namesLength(kept);
    names.truncate(namesLength);
    return new Contents(kept, byStream.subList(0, streams), trimmed, (int) count);
  }

  private static boolean hangsTogether(List<PostingBlock> ofStream) {
    for (int i = 0; i < ofStream.size(); i++) {
      boolean last = i == ofStream.size() - 1;
      PostingBlock block = ofStream.get(i);
      if (block.ordinal() != i || (!last && block.count() != BLOCK_POSTINGS)) {
        return false;
      }
    }
    return !ofStream.isEmpty();
  }

  private @Nullable PostingBlock decode(int number, ByteBuffer bytes, long size, BitSet trimmed)
      throws IOException {
    int stream = bytes.getInt() - 1;
    int ordinal = bytes.getInt();
    long[] postings = new long[BLOCK_POSTINGS];
    int count = 0;
    long before = -1;
    while (count < BLOCK_POSTINGS) {
      long posting = bytes.getLong() - 1;
      if (posting <= before || posting >= size) {
        break;
      }
      before = posting;
      postings[count++] = posting;
    }
    if (stream < 0) {
      return null;
    }
    if (count == 0) {
      writeFully(ByteBuffer.allocate(BLOCK_BYTES), number);
      return null;
    }
    if (count == BLOCK_POSTINGS) {
      return new PostingBlock(number, stream, ordinal, NOT_LOADED, count);
    }
    if (bytes.getLong(2 * Integer.BYTES + count * Long.BYTES) != 0) {
      trimmed.set(stream);
    }
    return new PostingBlock(number, stream, ordinal, postings, count);
  }

  private List<String> loadNames() throws IOException {
    byte[] all = names.read(0, (int) Math.min(names.length(), Integer.MAX_VALUE - 16));
    List<String> found = new ArrayList<>();
    int at = 0;
    while (at < all.length && at + 1 + (all[at] & 0xff) <= all.length) {
      int length = all[at] & 0xff;
      found.add(Bytes.wrap(all).slice(at + 1, at + 1 + length).toUtf8());
      at += 1 + length;
    }
    return found;
  }

  private static boolean areNames(List<String> some) {
    return new HashSet<>(some).size() == some.size()
        && some.stream().allMatch(name -> Names.isStream(name) || name.equals(Names.SYSTEM));
  }

  private static long namesLength(List<String> some) {
    long length = 0;
    for (String name : some) {
      length += 1 + Bytes.utf8(name).size();
    }
    return length;
  }

  void write(List<PostingBlock> some) throws IOException {
    for (PostingBlock block : some) {
      ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES);
      bytes.putInt(block.stream() + 1).putInt(block.ordinal());
      for (int i = 0; i < block.count(); i++) {
        bytes.putLong(block.posting(i) + 1);
      }
      writeFully(bytes.clear(), block.number());
    }
  }

  private void writeFully(ByteBuffer bytes, int number) throws IOException {
    long start = (long) number * BLOCK_BYTES;
    while (bytes.hasRemaining()) {
      blocks.write(bytes, start + bytes.position());
    }
  }

  void writeNames(List<Bytes> more) throws IOException {
    // Whatever an earlier attempt left when it failed is cut first
    names.truncate(namesLength);
    for (Bytes name : more) {
      names.putU8(name.size());
      names.put(name.unsafeArray());
    }
    names.flush();
    namesLength = names.length();
  }

  /** All postings of a full block. */
  long[] postings(int block) throws IOException {
    long offset = (long) block * BLOCK_BYTES + 2 * Integer.BYTES;
    ByteBuffer bytes = ByteBuffer.wrap(reader.read(offset, BLOCK_POSTINGS * Long.BYTES));
    long[] postings = new long[BLOCK_POSTINGS];
    for (int i = 0; i < BLOCK_POSTINGS; i++) {
      postings[i] = bytes.getLong() - 1;
    }
    return postings;
  }

  long posting(int block, int at) throws IOException {
    long offset = (long) block * BLOCK_BYTES + 2 * Integer.BYTES + (long) at * Long.BYTES;
    return ByteBuffer.wrap(reader.read(offset, Long.BYTES)).getLong() - 1;
  }

  void sync() throws IOException {
    blocks.force(false);
    names.sync();
    Directories.sync(directory);
  }

  @Override
  public void close() throws IOException {
    blocks.close();
    reader.close();
    names.close();
  }
}
