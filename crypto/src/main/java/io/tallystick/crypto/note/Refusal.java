package io.tallystick.crypto.note;

/** Why something that parses isn't believed. */
public enum Refusal {
  /** The note's text isn't a checkpoint, or the proof isn't one. */
  MALFORMED,
  /** No line is by a key that the verifier knows. */
  NO_KNOWN_KEY,
  /** A line that names a known key isn't that key's signature; the whole note is refused. */
  BAD_SIGNATURE,
  /** A log that is trusted signed, but the checkpoint is of another origin. */
  WRONG_ORIGIN,
  /** None of the logs that are trusted signed. */
  NO_LOG_SIGNATURE,
  /** The cosignatures don't make the quorum. */
  QUORUM_MISSED,
  /** The leaf isn't in the tree that was signed. */
  NOT_INCLUDED
}
