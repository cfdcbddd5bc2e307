package io.tallystick.ledger.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkFileTest {
  @TempDir Path directory;

  private Optional<Bytes> newest(Path file) throws IOException {
    try (MarkFile mark = MarkFile.open(file)) {
      return mark.newest();
    }
  }

  @Test
  void remembersTheNewest() throws IOException {
    Path file = directory.resolve("mark");
    assertEquals(Optional.empty(), newest(file));
    for (int i = 0; i < 5; i++) {
      try (MarkFile mark = MarkFile.open(file)) {
        mark.write(Bytes.utf8("mark " + i));
        mark.write(Bytes.utf8("mark " + i + "b"));
      }
      assertEquals(Optional.of(Bytes.utf8("mark " + i + "b")), newest(file));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> {
          try (MarkFile mark = MarkFile.open(file)) {
            mark.write(Bytes.wrap(new byte[MarkFile.CONTENT_BYTES_MAX + 1]));
          }
        });
  }

  @Test
  @DisplayName("S56 a mark torn at any byte leaves the one before it")
  void keepsTheOneBeforeATornOne() throws IOException {
    Path file = directory.resolve("mark");
    Path torn = directory.resolve("torn");
    try (MarkFile mark = MarkFile.open(file)) {
      mark.write(Bytes.utf8("first"));
      mark.write(Bytes.utf8("second"));
    }
    byte[] before = Files.readAllBytes(file);
    try (MarkFile mark = MarkFile.open(file)) {
      mark.write(Bytes.utf8("third!"));
    }
    byte[] after = Files.readAllBytes(file);
    for (int written = 0; written <= 22; written++) {
      byte[] mixed = before.clone();
      System.arraycopy(after, 0, mixed, 0, written);
      Files.write(torn, mixed);
      Bytes expected = Bytes.utf8(written == 22 ? "third!" : "second");
      assertEquals(Optional.of(expected), newest(torn), "bytes: " + written);
    }
  }

  @Test
  void takesATornFirstMarkForNone() throws IOException {
    Path file = directory.resolve("mark");
    Files.write(file, new byte[10]);
    assertEquals(Optional.empty(), newest(file));
  }

  @Test
  void refusesTwoDamagedMarks() throws IOException {
    Path file = directory.resolve("mark");
    try (MarkFile mark = MarkFile.open(file)) {
      mark.write(Bytes.utf8("first"));
      mark.write(Bytes.utf8("second"));
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[16] ^= 1;
    Files.write(file, bytes);
    assertEquals(Optional.of(Bytes.utf8("second")), newest(file));
    Arrays.fill(bytes, (byte) 1);
    Files.write(file, bytes);
    DamagedStoreException damaged = assertThrows(DamagedStoreException.class, () -> newest(file));
    assertTrue(String.valueOf(damaged.getMessage()).contains("mark"));
  }
}
