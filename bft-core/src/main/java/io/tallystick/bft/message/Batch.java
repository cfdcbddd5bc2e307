package io.tallystick.bft.message;

import io.tallystick.crypto.Digest;
import io.tallystick.crypto.StatementWriter;
import java.util.List;

/**
 * What is ordered at one sequence number: digests of bundles, and the primary's timestamp. Its
 * digest covers no view and no sequence number, so the same value is recognised across views.
 *
 * @param timestampMicros the primary's wall time, in microseconds since 1970; −1 in a null batch
 * @param bundles digests in the order of execution; empty in an idle and in a null batch
 */
public record Batch(long timestampMicros, List<Digest> bundles) {
  /** What a new view puts where nothing was prepared: executes to nothing, leaves ledger time. */
  public static final Batch NULL = new Batch(-1, List.of());

  /** Copies the list. */
  public Batch {
    bundles = List.copyOf(bundles);
  }

  /** Whether this is the null batch. */
  public boolean isNull() {
    return timestampMicros < 0;
  }

  /** The layout's SHA-256 ("batch digest"). */
  public Digest digest() {
    if (isNull()) {
      return StatementWriter.context("null").hash();
    }
    StatementWriter layout =
        StatementWriter.context("batch").u64(timestampMicros).u32(bundles.size());
    for (Digest bundle : bundles) {
      layout.digest(bundle);
    }
    return layout.hash();
  }
}
