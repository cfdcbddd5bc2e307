package io.tallystick.crypto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Ed25519 keys in PEM files, as {@code openssl genpkey -algorithm ed25519} and {@code openssl pkey
 * -pubout} write them (PKCS#8 and SubjectPublicKeyInfo, RFC 8410). A private key's file is its
 * owner's alone, from the moment it exists; one that others may open is refused.
 */
public final class KeyFile {
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";
  private static final int FILE_BYTES_MAX = 4096;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> ALL_MAY_READ =
      PosixFilePermissions.fromString("rw-r--r--");
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private KeyFile() {}

  /**
   * Creates {@code file} with mode 0600: it exists whole and synced, or not at all.
   *
   * @throws KeyFileException when it exists already or can't be written
   */
  public static void create(Path file, PrivateKey key) {
    create(file, pem(PRIVATE, key.pkcs8()), OWNER_ONLY);
  }

  /**
   * Creates {@code file} with mode 0644.
   *
   * @throws KeyFileException when it exists already or can't be written
   */
  public static void createPublic(Path file, PublicKey key) {
    create(file, publicPem(key), ALL_MAY_READ);
  }

  /** The public key as PEM text. */
  public static String publicPem(PublicKey key) {
    return pem(PUBLIC, PreparedKey.spki(key));
  }

  /**
   * Reads a private key.
   *
   * @throws KeyFileException when others than its owner may open the file, or it holds no such key
   */
  public static PrivateKey read(Path file) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (!OWNERS.containsAll(mode)) {
        throw new KeyFileException(
            file
                + ": mode "
                + octal(mode)
                + " lets others open a private key (expected: 0600; run"
                + " chmod 600 "
                + file
                + ")");
      }
      byte[] der = parse(file.toString(), text(file), PRIVATE);
      if (der.length != 48) {
        throw notEd25519(file.toString(), "a PKCS#8 key");
      }
      PrivateKey key = PrivateKey.ofSeed(Arrays.copyOfRange(der, 16, 48));
      if (!Arrays.equals(der, key.pkcs8())) {
        throw notEd25519(file.toString(), "a PKCS#8 key");
      }
      return key;
    } catch (NoSuchFileException e) {
      throw new KeyFileException(file + ": no such file (expected: a private key)", e);
    } catch (UnsupportedOperationException e) {
      throw new KeyFileException(
          file + ": its file system has no modes (expected: one that has)", e);
    } catch (IOException e) {
      throw new KeyFileException(file + ": can't be read: " + e, e);
    }
  }

  /**
   * Reads a public key.
   *
   * @throws KeyFileException when it holds no such key
   */
  public static PublicKey readPublic(Path file) {
    try {
      return parsePublic(file.toString(), text(file));
    } catch (NoSuchFileException e) {
      throw new KeyFileException(file + ": no such file (expected: a public key)", e);
    } catch (IOException e) {
      throw new KeyFileException(file + ": can't be read: " + e, e);
    }
  }

  /**
   * Parses a public key's PEM text.
   *
   * @param what how to call the text in an error
   * @throws KeyFileException when it isn't that of a valid Ed25519 key
   */
  public static PublicKey parsePublic(String what, String pem) {
    byte[] der = parse(what, pem, PUBLIC);
    if (der.length != 44) {
      throw notEd25519(what, "a public key");
    }
    PublicKey key = new PublicKey(Bytes.wrap(Arrays.copyOfRange(der, 12, 44)));
    if (!Arrays.equals(der, PreparedKey.spki(key)) || !Ed25519.isValid(key)) {
      throw notEd25519(what, "a public key");
    }
    return key;
  }

  private static KeyFileException notEd25519(String what, String found) {
    return new KeyFileException(
        what
            + ":2: "
            + found
            + ", but not of Ed25519 alone (expected: as openssl genpkey"
            + " -algorithm ed25519 writes it)");
  }

  private static byte[] parse(String what, String text, String label) {
    List<String> lines = text.lines().toList();
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    if (lines.isEmpty() || !lines.getFirst().equals(begin)) {
      throw new KeyFileException(what + ":1: no PEM header (expected: " + begin + ")");
    }
    int last = lines.indexOf(end);
    if (last < 0) {
      throw new KeyFileException(
          what + ":" + lines.size() + ": no PEM footer (expected: " + end + ")");
    }
    if (last != lines.size() - 1) {
      throw new KeyFileException(
          what + ":" + (last + 2) + ": text after the key (expected: nothing)");
    }
    String base64 = String.join("", lines.subList(1, last));
    try {
      byte[] der = Base64.getDecoder().decode(base64);
      if (Base64.getEncoder().encodeToString(der).equals(base64)) {
        return der;
      }
      throw new KeyFileException(what + ":2: not canonical (expected: base64 with padding)");
    } catch (IllegalArgumentException e) {
      // The cause would show the key's characters
      throw new KeyFileException(what + ":2: not base64 (expected: a key in base64)");
    }
  }

  private static String text(Path file) throws IOException {
    long size = Files.size(file);
    if (!Files.isRegularFile(file) || size > FILE_BYTES_MAX) {
      throw new KeyFileException(
          file + ": " + size + " bytes (expected: a file of at most " + FILE_BYTES_MAX + ")");
    }
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getEncoder().encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static void create(Path file, String text, Set<PosixFilePermission> mode) {
    Path absolute = file.toAbsolutePath();
    Path unfinished = absolute.resolveSibling("." + absolute.getFileName() + ".unfinished");
    try {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      Files.deleteIfExists(unfinished);
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(mode))) {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      // Not ATOMIC_MOVE, which would replace a key that is there
      Files.move(unfinished, absolute);
      syncDirectory(absolute);
    } catch (FileAlreadyExistsException e) {
      throw new KeyFileException(file + ": exists already (expected: a new file)", e);
    } catch (IOException e) {
      throw new KeyFileException(file + ": can't be written: " + e, e);
    }
  }

  private static void syncDirectory(Path file) throws IOException {
    Path directory = file.getParent();
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static String octal(Set<PosixFilePermission> mode) {
    int bits = 0;
    for (char letter : PosixFilePermissions.toString(mode).toCharArray()) {
      bits = bits << 1 | (letter == '-' ? 0 : 1);
    }
    return "0" + Integer.toOctalString(bits);
  }
}
