package io.tallystick.ledger.store;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Where the parts of an {@link IdIndex} are. In memory, and in a small file that is replaced whole
 * at each sync: seed, entries covered, end of the slots' file, for each part its start, slots and
 * how many are used; CRC-32C of all that. When the file isn't whole the index is made again, under
 * a new seed. For one thread at a time.
 */
final class MarkedDirectory {
  private final Path path;
  private final int parts;

  Bytes seed;
  long covered;
  long end;
  final long[] starts;
  final int[] slots;
  final int[] used;

  private MarkedDirectory(Path path, int parts, Bytes seed) {
    this.path = path;
    this.parts = parts;
    this.seed = seed;
    this.starts = new long[parts];
    this.slots = new int[parts];
    this.used = new int[parts];
  }

  static MarkedDirectory open(Path path, int parts, Bytes freshSeed) throws IOException {
    MarkedDirectory directory = new MarkedDirectory(path, parts, freshSeed);
    if (Files.exists(path)) {
      directory.read(ByteBuffer.wrap(Files.readAllBytes(path)));
    }
    return directory;
  }

  private int length() {
    return seed.size() + 2 * Long.BYTES + parts * 16 + Integer.BYTES;
  }

  private void read(ByteBuffer bytes) {
    int length = length();
    if (bytes.remaining() != length
        || bytes.getInt(length - Integer.BYTES) != checksum(bytes.slice(0, length - 4))) {
      return;
    }
    byte[] oldSeed = new byte[seed.size()];
    bytes.get(oldSeed);
    seed = Bytes.wrap(oldSeed);
    covered = bytes.getLong();
    end = bytes.getLong();
    for (int i = 0; i < parts; i++) {
      starts[i] = bytes.getLong();
      slots[i] = bytes.getInt();
      used[i] = bytes.getInt();
    }
  }

  void write() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length());
    bytes.put(seed.unsafeArray()).putLong(covered).putLong(end);
    for (int i = 0; i < parts; i++) {
      bytes.putLong(starts[i]).putInt(slots[i]).putInt(used[i]);
    }
    bytes.putInt(checksum(bytes.slice(0, bytes.position()))).flip();
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Directories.syncParent(path);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
