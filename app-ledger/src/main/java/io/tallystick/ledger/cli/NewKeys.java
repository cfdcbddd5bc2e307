package io.tallystick.ledger.cli;

import io.tallystick.crypto.KeyFile;
import io.tallystick.crypto.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** Makes keys and the directories that they live in; nothing that exists is overwritten. */
final class NewKeys {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private NewKeys() {}

  /** A key from the system's random source. */
  static PrivateKey key() {
    byte[] seed = new byte[PrivateKey.LENGTH];
    RANDOM.nextBytes(seed);
    return PrivateKey.ofSeed(seed);
  }

  /** A key, in a new file that is its owner's alone. */
  static PrivateKey key(Path file) {
    PrivateKey key = key();
    KeyFile.create(file, key);
    return key;
  }

  /** A directory for private keys, its owner's alone; parents are made as usual. */
  static void directory(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
  }

  /** A new text file; fails when it exists. */
  static void text(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
  }

  /** A new text file that is its owner's alone. */
  static void secret(Path file, String text) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }
}
