package io.tallystick.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  /** RFC 8410 section 10.3. */
  private static final String PRIVATE_PEM =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----
      """;

  /** RFC 8410 section 10.1. */
  private static final String PUBLIC_PEM =
      """
      -----BEGIN PUBLIC KEY-----
      MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
      -----END PUBLIC KEY-----
      """;

  @TempDir Path directory;

  private Path file(String text, String mode) throws IOException {
    Path file = directory.resolve("key.pem");
    Files.deleteIfExists(file);
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return file;
  }

  @Test
  void readsAndWritesWhatRfc8410Shows() throws IOException {
    PrivateKey key = KeyFile.read(file(PRIVATE_PEM, "rw-------"));
    assertEquals(key.publicKey(), KeyFile.parsePublic("test", PUBLIC_PEM));
    assertEquals(PUBLIC_PEM, KeyFile.publicPem(key.publicKey()));
    Path copy = directory.resolve("copy.pem");
    KeyFile.create(copy, key);
    assertEquals(PRIVATE_PEM, Files.readString(copy));
    assertFalse(key.toString().contains("d4ee72db"));
  }

  @Test
  void createsAFileThatIsItsOwnersAlone() throws IOException {
    PrivateKey key = PrivateKey.generate(new SecureRandom());
    Path file = directory.resolve("new.pem");
    KeyFile.create(file, key);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertArrayEquals(key.seed(), KeyFile.read(file).seed());
    PrivateKey other = PrivateKey.generate(new SecureRandom());
    var e = assertThrows(KeyFileException.class, () -> KeyFile.create(file, other));
    assertEquals(file + ": exists already (expected: a new file)", e.getMessage());
    assertArrayEquals(key.seed(), KeyFile.read(file).seed());
    Path publicFile = directory.resolve("public.pem");
    KeyFile.createPublic(publicFile, key.publicKey());
    assertEquals(key.publicKey(), KeyFile.readPublic(publicFile));
    try (var files = Files.list(directory)) {
      assertEquals(2, files.count());
    }
    Path nowhere = directory.resolve("missing").resolve("key.pem");
    assertThrows(KeyFileException.class, () -> KeyFile.create(nowhere, key));
  }

  @Test
  void refusesAPrivateKeyThatOthersMayOpen() throws IOException {
    for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-", "rwx--x---")) {
      Path file = file(PRIVATE_PEM, mode);
      var e = assertThrows(KeyFileException.class, () -> KeyFile.read(file), mode);
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains(file.toString()), message);
      assertTrue(message.contains("chmod 600"), message);
    }
    Path file = file(PRIVATE_PEM, "rw-r--r--");
    var e = assertThrows(KeyFileException.class, () -> KeyFile.read(file));
    assertTrue(String.valueOf(e.getMessage()).contains("mode 0644 "), e.getMessage());
    assertEquals(
        KeyFile.read(file(PRIVATE_PEM, "r--------")).publicKey(),
        KeyFile.read(file(PRIVATE_PEM, "rw-------")).publicKey());
  }

  @Test
  void refusesWhatIsNotOneKeyAndNamesTheLine() throws IOException {
    for (String[] row :
        new String[][] {
          {"", ":1: "},
          {"x\n" + PRIVATE_PEM, ":1: "},
          {PUBLIC_PEM, ":1: "},
          {PRIVATE_PEM.replace("-----END", "----END"), ":3: "},
          {PRIVATE_PEM + "x\n", ":4: "},
          {PRIVATE_PEM + PRIVATE_PEM, ":4: "},
          {PRIVATE_PEM.replace("MC4C", "MC4*"), ":2: "},
          {PRIVATE_PEM.replace("VhC", "Vh"), ":2: "},
          {PRIVATE_PEM.replace("K2Vw", "K2Vv"), ":2: "},
          {PRIVATE_PEM.replace("VhC\n", "VhCAAAA\n"), ":2: "}
        }) {
      Path file = file(row[0], "rw-------");
      var e = assertThrows(KeyFileException.class, () -> KeyFile.read(file), row[0]);
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith(file + row[1]), message);
      assertFalse(message.contains("INTuctv5"), message);
    }
    Path large = file("x".repeat(5000), "rw-------");
    assertThrows(KeyFileException.class, () -> KeyFile.read(large));
    assertThrows(KeyFileException.class, () -> KeyFile.read(directory));
    Path missing = directory.resolve("missing.pem");
    var e = assertThrows(KeyFileException.class, () -> KeyFile.read(missing));
    assertEquals(missing + ": no such file (expected: a private key)", e.getMessage());
    String smallOrder = PUBLIC_PEM.replaceFirst("AyEA.*", "AyEAAQ" + "A".repeat(41) + "=");
    assertThrows(KeyFileException.class, () -> KeyFile.parsePublic("test", smallOrder));
  }

  @Test
  void parsersRefuseWithOneTypeOfFailureOnly() throws IOException {
    Random random = new Random(8410);
    byte[] pem = PUBLIC_PEM.getBytes(StandardCharsets.US_ASCII);
    int refused = 0;
    for (int i = 0; i < 100_000; i++) {
      String mutated = new String(Mutations.mutate(random, pem), StandardCharsets.ISO_8859_1);
      try {
        PublicKey key = KeyFile.parsePublic("test", mutated);
        assertTrue(Ed25519.isValid(key));
      } catch (KeyFileException e) {
        refused++;
      }
    }
    assertTrue(refused > 50_000, refused + " refused");
  }
}
