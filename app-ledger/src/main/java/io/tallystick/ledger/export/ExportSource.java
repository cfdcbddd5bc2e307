package io.tallystick.ledger.export;

import java.io.IOException;
import java.io.OutputStream;

/** Where an export's files come from. For any number of threads. */
public interface ExportSource {
  /**
   * Writes one file to {@code out}.
   *
   * @param path as in the export
   * @param bytesMax a longer file is refused
   * @throws IOException when there is none, it is too long, or it can't be read
   */
  void fetch(String path, long bytesMax, OutputStream out) throws IOException;

  /** Exports what these files are of. */
  static ExportSource of(ExportFiles files) {
    return (path, bytesMax, out) ->
        files
            .file(path)
            .orElseThrow(() -> new IOException(path + ": no such file in this ledger"))
            .content()
            .writeTo(new BoundedOutput(path, bytesMax, out));
  }
}
