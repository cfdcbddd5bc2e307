package io.tallystick.crypto.note;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether a signed checkpoint satisfies a policy. */
public sealed interface PolicyVerdict {
  /**
   * A log that is trusted signed it, and the quorum cosigned.
   *
   * @param lines every line by a key of the policy, in the note's order: the log's, and those of
   *     all witnesses that cosigned, also where the quorum needed fewer
   */
  record Accepted(Checkpoint checkpoint, List<VerifiedLine> lines) implements PolicyVerdict {
    /** Copies the lines. */
    public Accepted {
      lines = List.copyOf(lines);
    }

    /**
     * The position-th newest time among the cosigners, in POSIX seconds: with position f+1, at
     * least one correct replica vouches for it.
     *
     * @throws IllegalArgumentException when fewer cosigned
     */
    public long timestampSeconds(int position) {
      Map<VerifierKey, Long> newest = new LinkedHashMap<>();
      for (VerifiedLine line : lines) {
        if (line.key().type() == VerifierKey.COSIGNATURE) {
          newest.merge(line.key(), line.timestampSeconds(), Math::max);
        }
      }
      if (position < 1 || position > newest.size()) {
        throw new IllegalArgumentException(
            "position: " + position + " (expected: 1 to " + newest.size() + ")");
      }
      List<Long> times = new ArrayList<>(newest.values());
      times.sort(Comparator.reverseOrder());
      return times.get(position - 1);
    }
  }

  /** Not to be believed under this policy. */
  record Refused(Refusal reason, String detail) implements PolicyVerdict {}
}
