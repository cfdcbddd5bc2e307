package io.tallystick.crypto.note;

import java.util.List;

/** What a note's signatures are worth to somebody who knows some keys. */
public sealed interface NoteVerdict {
  /** At least one known key signed, and no known key's line is bad; lines in the note's order. */
  record Verified(List<VerifiedLine> lines) implements NoteVerdict {
    /** Copies the lines. */
    public Verified {
      lines = List.copyOf(lines);
    }
  }

  /** Not to be believed. */
  record Refused(Refusal reason, String detail) implements NoteVerdict {}
}
