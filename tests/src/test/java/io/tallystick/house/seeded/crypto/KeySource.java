package io.tallystick.house.seeded.crypto;

import java.security.SecureRandom;

/** Draws keys, so nothing for an engine. */
public final class KeySource {
  private final SecureRandom random = new SecureRandom();

  public int draw() {
    return random.nextInt();
  }
}
