package io.tallystick.ledger.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * One file of an export.
 *
 * @param mediaType for those who serve it
 * @param immutable whether it stays as it is for ever, for whoever may read it
 * @param content writes it; may be called any number of times
 */
public record ExportFile(String mediaType, boolean immutable, Content content) {
  /** Writes a file's bytes. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it to {@code out}, which it doesn't close. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** All of it in memory; payload files may be large. */
  public byte[] toByteArray() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.writeTo(bytes);
    return bytes.toByteArray();
  }
}
