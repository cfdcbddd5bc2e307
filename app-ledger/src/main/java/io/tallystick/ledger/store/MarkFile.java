package io.tallystick.ledger.store;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Says how much of other files counts. Two slots of 4 KiB, written in turn: a write that a crash
 * tears leaves the one before it. Whoever writes a mark has synced first what it vouches for. A
 * slot: u64 number, u32 length, u32 CRC-32C of number and content, content. For one thread.
 */
public final class MarkFile implements AutoCloseable {
  /** Largest content of a mark, in bytes. */
  public static final int CONTENT_BYTES_MAX = 4096 - 16;

  private static final int SLOT_BYTES = 4096;

  private final Path path;
  private final FileChannel channel;
  private long number;
  private @Nullable Bytes newest;

  private record Slot(long number, Bytes content) {}

  private MarkFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens or creates.
   *
   * @throws DamagedStoreException when the file is there, and neither of its slots is whole though
   *     one was written
   */
  public static MarkFile open(Path path) throws IOException {
    boolean fresh = !Files.exists(path);
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    MarkFile mark = new MarkFile(path, channel);
    try {
      if (fresh) {
        Directories.syncParent(path);
      }
      mark.load();
      channel.force(false); // what a crash left in the system's cache only is relied on from here
      return mark;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void load() throws IOException {
    boolean anything = false;
    for (int i = 0; i < 2; i++) {
      ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
      long start = (long) i * SLOT_BYTES;
      int count = 0;
      while (slot.hasRemaining() && count >= 0) {
        count = channel.read(slot, start + slot.position());
      }
      // A first write that was torn leaves a single slot: nothing was vouched for yet
      anything |= i == 1 && slot.position() > 0;
      Slot found = decode(slot.flip());
      if (found != null && found.number > number) {
        number = found.number;
        newest = found.content;
      }
    }
    if (newest == null && anything) {
      throw new DamagedStoreException(path, 0, "neither of the two marks is whole");
    }
  }

  private static @Nullable Slot decode(ByteBuffer slot) {
    if (slot.remaining() < 16) {
      return null;
    }
    long number = slot.getLong();
    int length = slot.getInt();
    int checksum = slot.getInt();
    if (number <= 0 || length < 0 || length > slot.remaining()) {
      return null;
    }
    byte[] content = new byte[length];
    slot.get(content);
    return checksum(number, content) == checksum ? new Slot(number, Bytes.wrap(content)) : null;
  }

  /** What was written last, if anything ever was. */
  public Optional<Bytes> newest() {
    return Optional.ofNullable(newest);
  }

  /** Writes a mark, and syncs it. */
  public void write(Bytes content) throws IOException {
    if (content.size() > CONTENT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "mark: " + content.size() + " bytes (expected: <= " + CONTENT_BYTES_MAX + ")");
    }
    long next = number + 1;
    ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    slot.putLong(next)
        .putInt(content.size())
        .putInt(checksum(next, content.unsafeArray()))
        .put(content.unsafeArray())
        .clear();
    long start = (next - 1) % 2 * SLOT_BYTES;
    while (slot.hasRemaining()) {
      channel.write(slot, start + slot.position());
    }
    channel.force(false);
    number = next;
    newest = content;
  }

  private static int checksum(long number, byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    crc.update(content);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
