package io.tallystick.ledger.export;

import io.tallystick.config.Genesis;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.merkle.TilePath;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.SignedNote;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.PayloadRow;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * What stands at each path of a ledger's export, as of one signed head: the one place that says so,
 * for the gateway that serves them and for an export from a local store alike. Cheap to make. For
 * any thread.
 */
public final class ExportFiles {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String OCTETS = "application/octet-stream";
  private static final String ROWS = "application/x-ndjson";

  private final Genesis genesis;
  private final SignedNote checkpoint;
  private final long size;
  private final LedgerStore store;
  private final PayloadAccess access;

  /**
   * The files as of one head.
   *
   * @param checkpoint a note that the ledger's policy accepts; {@code store} holds its tree whole
   * @param access what of the payloads isn't withheld
   */
  public ExportFiles(
      Genesis genesis, SignedNote checkpoint, LedgerStore store, PayloadAccess access) {
    this.genesis = genesis;
    this.checkpoint = checkpoint;
    this.size = Checkpoint.parse(checkpoint.text()).size();
    this.store = store;
    this.access = access;
  }

  /** Number of entries. */
  public long size() {
    return size;
  }

  /**
   * The file at a path without leading slash. Of tiles, any width is served that the head's tree
   * has reached, as whoever is pinned to an older head asks for it.
   */
  public Optional<ExportFile> file(String path) {
    return switch (path) {
      case ExportPaths.CHECKPOINT -> text(TEXT, false, checkpoint.toString());
      case ExportPaths.POLICY -> text(TEXT, false, genesis.policy());
      case ExportPaths.FIRST_POLICY -> text(TEXT, true, genesis.policy());
      case ExportPaths.GENESIS ->
          Optional.of(new ExportFile(JSON, true, out -> out.write(genesis.bytes().unsafeArray())));
      case ExportPaths.README -> text(TEXT, false, Readme.of(genesis));
      default -> ExportPaths.tile(path).filter(this::isReached).map(this::tile);
    };
  }

  private boolean isReached(TilePath tile) {
    return tile.width() <= TilePath.width(tile.level(), tile.index(), size);
  }

  private static Optional<ExportFile> text(String mediaType, boolean immutable, String text) {
    byte[] bytes = Bytes.utf8(text).unsafeArray();
    return Optional.of(new ExportFile(mediaType, immutable, out -> out.write(bytes)));
  }

  private ExportFile tile(TilePath tile) {
    long n = tile.index();
    int width = tile.width();
    return switch (tile.kind()) {
      case HASHES ->
          new ExportFile(
              OCTETS, true, out -> out.write(store.tile(tile.level(), n, width).unsafeArray()));
      case ENTRIES ->
          new ExportFile(OCTETS, true, out -> out.write(store.entryBundle(n, width).unsafeArray()));
      // What is erased, or may be read, changes
      case PAYLOADS -> new ExportFile(ROWS, false, out -> payloads(n, width, out));
    };
  }

  private void payloads(long n, int width, OutputStream out) throws IOException {
    if (access.equals(PayloadAccess.ALL)) {
      store.payloadRows(n, width, out);
      return;
    }
    long first = n * TilePath.FULL;
    for (long at = first; at < first + width; at++) {
      Bytes row =
          access.shows(Envelope.parse(store.envelope(at)))
              ? PayloadRow.of(at, store.payload(at))
              : PayloadRow.withheld(at);
      out.write(row.unsafeArray());
    }
  }
}
