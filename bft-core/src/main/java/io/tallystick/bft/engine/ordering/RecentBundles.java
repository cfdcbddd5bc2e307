package io.tallystick.bft.engine.ordering;

import io.tallystick.crypto.Digest;
import java.util.LinkedHashMap;

/** Which bundles were executed lately, and where; the oldest are forgotten first. */
public final class RecentBundles {
  /** How many are remembered. */
  public static final int BUNDLES_MAX = 65_536;

  private final LinkedHashMap<Digest, Long> seqs = new LinkedHashMap<>();

  /** Executed at {@code seq}; a bundle that was executed before keeps its first place. */
  void add(Digest bundle, long seq) {
    seqs.putIfAbsent(bundle, seq);
    while (seqs.size() > BUNDLES_MAX) {
      seqs.pollFirstEntry();
    }
  }

  /** The sequence number it was executed at; 0 when that isn't remembered. */
  public long seq(Digest bundle) {
    return seqs.getOrDefault(bundle, 0L);
  }
}
