package io.tallystick.crypto.note;

import static java.util.Objects.requireNonNull;

import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.Rfc6962;
import java.util.ArrayList;
import java.util.List;

/**
 * A tree head as a note's text (C2SP tlog-checkpoint): origin, size and root, each a line. Ours
 * have no extension lines; others' are kept.
 *
 * @param origin names the log; not empty, one line
 * @param size number of leaves, 0 to 2^63-1
 * @param extensions further lines, without newlines; empty in everything of ours
 */
public record Checkpoint(String origin, long size, Digest root, List<String> extensions) {
  private static final int EXTENSIONS_MAX = 100;

  /**
   * Checks that it can be written and read back.
   *
   * @throws MalformedNoteException when it can't, or a tree without leaves has another root
   */
  public Checkpoint {
    extensions = List.copyOf(extensions);
    requireNonNull(root, "root");
    checkLine("checkpoint origin", origin);
    extensions.forEach(line -> checkLine("checkpoint extension", line));
    if (size < 0) {
      throw new MalformedNoteException("checkpoint size", size, "0 to 2^63-1");
    }
    if (size == 0 && !root.equals(Rfc6962.EMPTY_ROOT)) {
      throw new MalformedNoteException(
          "checkpoint root of size 0", root, Rfc6962.EMPTY_ROOT.toHex());
    }
    if (extensions.size() > EXTENSIONS_MAX) {
      throw new MalformedNoteException(
          "checkpoint", extensions.size() + " extension lines", "<= " + EXTENSIONS_MAX);
    }
  }

  /** One without extension lines. */
  public static Checkpoint of(String origin, long size, Digest root) {
    return new Checkpoint(origin, size, root, List.of());
  }

  /**
   * Parses a note's text.
   *
   * @throws MalformedNoteException when it isn't exactly what {@link #text()} writes
   */
  public static Checkpoint parse(String text) {
    List<String> lines = new ArrayList<>();
    int at = 0;
    while (at < text.length() && lines.size() <= EXTENSIONS_MAX + 3) {
      int end = text.indexOf('\n', at);
      if (end < 0) {
        throw new MalformedNoteException(
            "checkpoint line " + (lines.size() + 1), "no newline at its end", "one");
      }
      lines.add(text.substring(at, end));
      at = end + 1;
    }
    if (lines.size() < 3) {
      throw new MalformedNoteException(
          "checkpoint", lines.size() + " lines", "origin, size and root");
    }
    return new Checkpoint(
        lines.get(0),
        NoteText.decimal("checkpoint size", lines.get(1)),
        NoteText.hash("checkpoint root", lines.get(2)),
        lines.subList(3, lines.size()));
  }

  private static void checkLine(String what, String line) {
    if (line.isEmpty() || line.chars().anyMatch(c -> c < ' ')) {
      throw new MalformedNoteException(what, "'" + line + "'", "a line that isn't empty");
    }
  }

  /** Whether it says more than origin, size and root; nothing of ours does. */
  public boolean hasExtensions() {
    return !extensions.isEmpty();
  }

  /** The note's text, with a newline after each line. */
  public String text() {
    StringBuilder text = new StringBuilder(origin).append('\n').append(size).append('\n');
    text.append(NoteText.base64(root)).append('\n');
    extensions.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
