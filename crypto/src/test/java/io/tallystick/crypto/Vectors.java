package io.tallystick.crypto;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Assumptions;

/**
 * Where test vectors are: ours beside the tests, published ones in place where they are present.
 */
public final class Vectors {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Vectors() {}

  /** One of ours, as bytes. */
  public static byte[] ours(String name) {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
      if (in == null) {
        throw new IllegalStateException("vector: " + name + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of ours, parsed. */
  public static JsonNode json(String name) {
    return parse(ours(name));
  }

  /** Parses JSON. */
  public static JsonNode parse(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The published vectors' directory; the test is skipped where there is none. */
  public static Path published() {
    String property = System.getProperty("vectors.published");
    if (property != null) {
      return Path.of(property);
    }
    Path found = null;
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared/vectors/published");
      if (found == null && Files.isDirectory(candidate)) {
        found = candidate;
      }
    }
    Assumptions.assumeTrue(found != null, "no published vectors here");
    return java.util.Objects.requireNonNull(found);
  }

  /** Decodes base64. */
  public static byte[] base64(String text) {
    return Base64.getDecoder().decode(text);
  }
}
