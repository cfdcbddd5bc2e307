package io.tallystick.config;

import io.tallystick.crypto.PublicKey;
import java.util.List;

/**
 * Who may order changes: grants, revocations, erasures, reconfigurations.
 *
 * @param keys all different
 * @param quorum how many of them must sign an order; 1 to the number of keys
 */
public record Administrators(List<PublicKey> keys, int quorum) {
  /** Most administrators of a cluster. */
  public static final int KEYS_MAX = 32;

  /** Copies the list. */
  public Administrators {
    keys = List.copyOf(keys);
  }
}
