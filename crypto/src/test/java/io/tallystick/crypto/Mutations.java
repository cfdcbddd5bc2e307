package io.tallystick.crypto;

import java.util.Arrays;
import java.util.Random;

/** Seeded damage to inputs, for decoders that must refuse it with their own type of failure. */
public final class Mutations {
  private Mutations() {}

  /** One to four of: flip a bit, set a byte, insert, delete, cut, repeat a part. */
  public static byte[] mutate(Random random, byte[] input) {
    byte[] bytes = input.clone();
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times; i++) {
      bytes = once(random, bytes);
    }
    return bytes;
  }

  private static byte[] once(Random random, byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(7)) {
      case 0 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 1 -> {
        bytes[at] = (byte) random.nextInt();
        yield bytes;
      }
      case 2 -> {
        bytes[at] = (byte) "\n =+0 9/Aé—\r\t".charAt(random.nextInt(12));
        yield bytes;
      }
      case 3 -> splice(bytes, at, at, new byte[] {(byte) random.nextInt()});
      case 4 -> splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(4)), new byte[0]);
      case 5 -> Arrays.copyOf(bytes, at);
      default -> {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(60));
        yield splice(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
      }
    };
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] insert) {
    byte[] result = Arrays.copyOf(bytes, from + insert.length + bytes.length - to);
    System.arraycopy(insert, 0, result, from, insert.length);
    System.arraycopy(bytes, to, result, from + insert.length, bytes.length - to);
    return result;
  }
}
