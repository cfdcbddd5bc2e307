package io.tallystick.tests.sim;

import static java.util.Objects.requireNonNull;

import io.tallystick.bft.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A disk in memory that does what disks do: loses at a power cut what wasn't synced, sector by
 * sector, so that the last write is torn; rots; fills up; fails. For one thread.
 */
public final class SimDisk implements Disk {
  private static final int SECTOR_BYTES = 512;

  /** The power is gone in the middle of a write. */
  static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1;

    PowerCut() {
      super("power cut", null, false, false);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Overwritten(int offset, byte[] before, int sizeBefore) {}

  private static final class Contents {
    private byte[] bytes = new byte[0];
    private int size;
    private final List<Overwritten> unsynced = new ArrayList<>();
  }

  private final TreeMap<String, Contents> files = new TreeMap<>();
  private final List<Runnable> unsyncedNames = new ArrayList<>();
  private final Agenda agenda;
  private boolean full;
  private boolean syncFails;
  private int operationsLeft = -1;

  /** An empty disk. */
  public SimDisk(Agenda agenda) {
    this.agenda = agenda;
  }

  /** Whether files can't grow, and next to nothing is free. */
  void full(boolean is) {
    full = is;
  }

  /** Whether syncs fail from now on. */
  void failSyncs(boolean fail) {
    syncFails = fail;
  }

  /** The power goes after so many more writes and syncs; −1: it doesn't. */
  void cutPowerAfter(int operations) {
    operationsLeft = operations;
  }

  /** Everything is gone. */
  void wipe() {
    files.clear();
    unsyncedNames.clear();
  }

  /** The process or the machine is gone: of what wasn't synced, chance decides. */
  void crash(boolean powerCut, Dice dice) {
    operationsLeft = -1;
    syncFails = false;
    if (powerCut) {
      int namesKept = dice.below(unsyncedNames.size() + 1);
      for (int i = unsyncedNames.size() - 1; i >= namesKept; i--) {
        unsyncedNames.get(i).run();
      }
    }
    unsyncedNames.clear();
    for (Contents file : files.values()) {
      if (powerCut) {
        lose(file, dice);
      }
      file.unsynced.clear();
    }
  }

  private static void lose(Contents file, Dice dice) {
    int manner = dice.below(3); // all is lost, or each sector by itself, or nothing
    for (int i = file.unsynced.size() - 1; i >= 0 && manner < 2; i--) {
      Overwritten write = file.unsynced.get(i);
      if (manner == 0) {
        file.size = write.sizeBefore;
      }
      for (int at = 0; at < write.before.length; at += SECTOR_BYTES) {
        if (manner == 0 || dice.below(2) == 0) {
          int length = Math.min(SECTOR_BYTES, write.before.length - at);
          System.arraycopy(write.before, at, file.bytes, write.offset + at, length);
        }
      }
    }
  }

  /** Flips a bit in what a segment holds; false when there is none. */
  boolean rot(Dice dice) {
    List<String> segments = files.keySet().stream().filter(n -> n.endsWith(".journal")).toList();
    if (segments.isEmpty()) {
      return false;
    }
    Contents file = requireNonNull(files.get(segments.get(dice.below(segments.size()))));
    int used = file.size;
    while (used > 0 && file.bytes[used - 1] == 0) {
      used--;
    }
    if (used == 0) {
      return false;
    }
    file.bytes[dice.below(used)] ^= (byte) (1 << dice.below(8));
    return true;
  }

  @Override
  public DiskFile open(Path path) {
    String name = path.toString();
    Contents there = files.get(name);
    if (there == null) {
      there = new Contents();
      files.put(name, there);
      unsyncedNames.add(() -> files.remove(name));
    }
    return new OpenFile(there);
  }

  @Override
  public long usableBytes(Path directory) {
    return full ? 0 : 1L << 40;
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    operation();
    unsyncedNames.clear();
  }

  @Override
  public List<String> names(Path directory) {
    String prefix = directory + "/";
    List<String> names = new ArrayList<>();
    for (String name : files.tailMap(prefix).keySet()) {
      if (name.startsWith(prefix)) {
        names.add(name.substring(prefix.length()));
      }
    }
    return names;
  }

  @Override
  public long sizeOf(Path file) {
    Contents there = files.get(file.toString());
    return there == null ? -1 : there.size;
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    String source = from.toString();
    String target = to.toString();
    Contents moved = files.remove(source);
    if (moved == null) {
      throw new IOException(source + ": not there");
    }
    Contents replaced = files.put(target, moved);
    unsyncedNames.add(
        () -> {
          files.put(source, moved);
          restore(target, replaced);
        });
  }

  private void restore(String name, @org.jspecify.annotations.Nullable Contents contents) {
    if (contents == null) {
      files.remove(name);
    } else {
      files.put(name, contents);
    }
  }

  @Override
  public boolean delete(Path file) {
    String name = file.toString();
    Contents there = files.remove(name);
    if (there != null) {
      unsyncedNames.add(() -> files.put(name, there));
    }
    return there != null;
  }

  @Override
  public void beside(String name, Runnable task) {
    task.run();
  }

  @Override
  public long nanoTime() {
    return agenda.now() * 1_000;
  }

  private void operation() throws IOException {
    if (operationsLeft == 0) {
      throw new PowerCut();
    }
    operationsLeft = Math.max(-1, operationsLeft - 1);
  }

  /** How many bytes all files hold. */
  long bytes() {
    long sum = 0;
    for (Map.Entry<String, Contents> file : files.entrySet()) {
      sum += file.getValue().size;
    }
    return sum;
  }

  private final class OpenFile implements DiskFile {
    private final Contents contents;

    OpenFile(Contents contents) {
      this.contents = contents;
    }

    @Override
    public void write(ByteBuffer in, long offset) throws IOException {
      operation();
      int from = Math.toIntExact(offset);
      int end = from + in.remaining();
      if (end > contents.size && full) {
        throw new IOException("No space left on device");
      }
      int sizeBefore = contents.size;
      reserve(end);
      contents.unsynced.add(
          new Overwritten(from, Arrays.copyOfRange(contents.bytes, from, end), sizeBefore));
      in.get(contents.bytes, from, end - from);
      contents.size = Math.max(contents.size, end);
    }

    private void reserve(int end) {
      if (end > contents.bytes.length) {
        contents.bytes = Arrays.copyOf(contents.bytes, Math.max(end, 2 * contents.bytes.length));
      }
    }

    @Override
    public int read(ByteBuffer out, long offset) {
      int from = (int) Math.min(offset, contents.size);
      int count = Math.min(out.remaining(), contents.size - from);
      out.put(contents.bytes, from, count);
      return count;
    }

    @Override
    public void sync() throws IOException {
      operation();
      if (syncFails) {
        throw new IOException("Input/output error");
      }
      contents.unsynced.clear();
    }

    @Override
    public void truncate(long length) throws IOException {
      operation();
      int size = Math.toIntExact(length);
      if (size > contents.size && full) {
        throw new IOException("No space left on device");
      }
      reserve(size);
      if (size < contents.size) {
        contents.unsynced.add(
            new Overwritten(
                size, Arrays.copyOfRange(contents.bytes, size, contents.size), contents.size));
        Arrays.fill(contents.bytes, size, contents.size, (byte) 0);
      }
      contents.size = size;
    }

    @Override
    public long size() {
      return contents.size;
    }

    @Override
    public void close() {
      // Nothing is held open.
    }
  }
}
