package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Up to 256 consecutive entries: the content of a file {@code tile/entries/N[.p/W]}, each as a u16
 * length and its bytes.
 */
public record EntryBundle(List<Bytes> entries) {
  /** No entry is longer, in bytes. */
  public static final int ENTRY_BYTES_MAX = 0xffff;

  /**
   * Checks number and lengths.
   *
   * @throws MalformedTreeException unless there are 1 to 256, none longer than 65,535 bytes
   */
  public EntryBundle {
    entries = List.copyOf(entries);
    if (entries.isEmpty() || entries.size() > TilePath.FULL) {
      throw new MalformedTreeException("entry bundle", entries.size() + " entries", "1 to 256");
    }
    for (Bytes entry : entries) {
      if (entry.size() > ENTRY_BYTES_MAX) {
        throw new MalformedTreeException("entry", entry.size() + " bytes", "<= 65535");
      }
    }
  }

  /**
   * Decodes the file of a bundle of {@code width} entries.
   *
   * @throws MalformedTreeException when it doesn't hold exactly those and nothing else
   */
  public static EntryBundle decode(byte[] file, int width) {
    if (width < 1 || width > TilePath.FULL) {
      throw new MalformedTreeException("entry bundle", "width " + width, "1 to 256");
    }
    List<Bytes> entries = new ArrayList<>(width);
    int at = 0;
    while (entries.size() < width) {
      int left = file.length - at;
      int length = left < 2 ? -1 : (file[at] & 0xff) << 8 | file[at + 1] & 0xff;
      if (length < 0 || length > left - 2) {
        throw new MalformedTreeException(
            "entry bundle of " + file.length + " bytes at offset " + at,
            length < 0 ? left + " bytes left" : "entry of " + length + " bytes",
            width + " whole entries");
      }
      entries.add(Bytes.wrap(Arrays.copyOfRange(file, at + 2, at + 2 + length)));
      at += 2 + length;
    }
    if (at != file.length) {
      throw new MalformedTreeException(
          "entry bundle", file.length - at + " bytes after the last entry", "none");
    }
    return new EntryBundle(entries);
  }

  /** The file. */
  public Bytes encode() {
    int size = 0;
    for (Bytes entry : entries) {
      size += 2 + entry.size();
    }
    byte[] file = new byte[size];
    int at = 0;
    for (Bytes entry : entries) {
      file[at] = (byte) (entry.size() >>> 8);
      file[at + 1] = (byte) entry.size();
      System.arraycopy(entry.unsafeArray(), 0, file, at + 2, entry.size());
      at += 2 + entry.size();
    }
    return Bytes.wrap(file);
  }
}
