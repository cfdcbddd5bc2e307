package io.tallystick.ledger.verify;

import io.tallystick.crypto.Digest;
import java.util.OptionalLong;

/** What became of verifying an export. */
public sealed interface VerifyReport {
  /**
   * Everything holds together, and with the pin if there was one.
   *
   * @param pinned whether genesis or policy was pinned; if not, anybody could have made it all
   * @param genesis SHA-256 of genesis.json
   * @param size entries
   * @param root of the tree
   * @param headSeconds time of the head: the (f+1)-th newest of its lines, seconds since 1970
   * @param cosigners how many replicas cosigned the checkpoint
   * @param streams that have entries, {@code _system} included
   * @param withheld payloads that the export leaves out
   */
  record Consistent(
      boolean pinned,
      Digest genesis,
      String origin,
      long size,
      Digest root,
      long headSeconds,
      int cosigners,
      long streams,
      long withheld)
      implements VerifyReport {}

  /**
   * The first thing that is wrong.
   *
   * @param what is wrong, and what would be right
   * @param file where, as a path within the export; the export itself: {@code .}
   * @param entry the entry concerned, if it is one
   */
  record Broken(String what, String file, OptionalLong entry) implements VerifyReport {
    /** One line for a person. */
    public String line() {
      return file + ": " + (entry.isPresent() ? "entry " + entry.getAsLong() + ": " : "") + what;
    }
  }
}
