package io.tallystick.ledger.export;

import io.tallystick.config.Genesis;
import io.tallystick.config.JsonException;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.TilePath;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.MalformedNoteException;
import io.tallystick.crypto.note.PolicyVerdict;
import io.tallystick.crypto.note.SignedNote;
import io.tallystick.ledger.entry.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Writes an export: all files of one checkpoint, a few at a time. A target that holds an older or
 * unfinished export of the same ledger is completed; full files that are whole are kept. Says
 * nothing about whether the export verifies, beyond the checkpoint's signatures.
 */
public final class Exporter {
  /** No entry bundle is longer, in bytes. */
  static final long ENTRIES_BYTES_MAX = (long) TilePath.FULL * (2 + Envelope.BYTES_MAX);

  private static final int ASKS_IN_FLIGHT = 8;
  private static final int NOTE_BYTES_MAX = 64 << 10;
  private static final int ROW_OVERHEAD_BYTES = 128;

  private final ExportSource source;
  private final Genesis genesis;
  private final ExportTarget target;
  private final Checkpoint head;
  private final Progress progress;
  private final Iterator<TilePath> tiles;
  private long entries;
  private boolean failed;

  /** Is told how far an export has come; on several threads, one at a time. */
  @FunctionalInterface
  public interface Progress {
    /** So many entries of so many are there, with their payloads. */
    void entries(long done, long of);
  }

  /**
   * What was exported.
   *
   * @param genesis SHA-256 of its genesis.json
   */
  public record Summary(Digest genesis, String origin, long size, Digest root) {}

  private Exporter(
      ExportSource source,
      Genesis genesis,
      ExportTarget target,
      Checkpoint head,
      Progress progress) {
    this.source = source;
    this.genesis = genesis;
    this.target = target;
    this.head = head;
    this.progress = progress;
    this.tiles = ExportPaths.tiles(head.size()).iterator();
  }

  /**
   * Exports the newest checkpoint of {@code source} to {@code directory}.
   *
   * @throws ExportRefusedException when the directory holds something else, or the source isn't a
   *     ledger's that signs its checkpoints
   * @throws IOException when source or disk fail; exporting again goes on from there
   */
  public static Summary export(ExportSource source, Path directory, Progress progress)
      throws IOException {
    Genesis genesis = genesis(source);
    Bytes note = fetch(source, ExportPaths.CHECKPOINT, NOTE_BYTES_MAX);
    Checkpoint head = checkpoint(genesis, note);
    ExportTarget target = ExportTarget.open(directory, genesis, head.size());
    // First of all, so that an unfinished export says whose it is
    target.write(
        ExportPaths.GENESIS,
        Genesis.BYTES_MAX,
        (path, bytesMax, out) -> out.write(genesis.bytes().unsafeArray()));
    new Exporter(source, genesis, target, head, progress).run();
    target.tidy(head.size());
    target.write(
        ExportPaths.CHECKPOINT,
        NOTE_BYTES_MAX,
        (path, bytesMax, out) -> out.write(note.unsafeArray()));
    target.tidy(head.size());
    return new Summary(genesis.hash(), genesis.origin(), head.size(), head.root());
  }

  private static Bytes fetch(ExportSource source, String path, int bytesMax) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    source.fetch(path, bytesMax, out);
    return Bytes.wrap(out.toByteArray());
  }

  private static Genesis genesis(ExportSource source) throws IOException {
    try {
      return Genesis.parse(fetch(source, ExportPaths.GENESIS, Genesis.BYTES_MAX));
    } catch (JsonException e) {
      throw new ExportRefusedException(ExportPaths.GENESIS + ": " + e.getMessage());
    }
  }

  private static Checkpoint checkpoint(Genesis genesis, Bytes note) throws IOException {
    try {
      return switch (genesis.trust().evaluate(SignedNote.parse(note))) {
        case PolicyVerdict.Accepted accepted -> accepted.checkpoint();
        case PolicyVerdict.Refused(var reason, String detail) ->
            throw new ExportRefusedException(
                ExportPaths.CHECKPOINT + ": " + reason + ": " + detail);
      };
    } catch (MalformedNoteException e) {
      throw new ExportRefusedException(ExportPaths.CHECKPOINT + ": " + e.getMessage());
    }
  }

  private void run() throws IOException {
    for (String name : List.of(ExportPaths.POLICY, ExportPaths.FIRST_POLICY)) {
      target.write(name, NOTE_BYTES_MAX, source);
    }
    target.write(
        ExportPaths.README,
        NOTE_BYTES_MAX,
        (path, bytesMax, out) -> out.write(Bytes.utf8(Readme.of(genesis)).unsafeArray()));
    try (ExecutorService pool = Executors.newFixedThreadPool(ASKS_IN_FLIGHT)) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < ASKS_IN_FLIGHT; i++) {
        workers.add(
            pool.submit(
                () -> {
                  work();
                  return null;
                }));
      }
      for (Future<?> worker : workers) {
        join(worker);
      }
    }
  }

  private void join(Future<?> worker) throws IOException {
    try {
      worker.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      fail();
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("the export was interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private void work() throws IOException {
    boolean done = false;
    try {
      for (TilePath tile = next(); tile != null; tile = next()) {
        if (!isThere(tile)) {
          target.write(tile.toString(), bytesMax(tile), source);
        }
        if (tile.kind() == TilePath.Kind.PAYLOADS) {
          written(tile.width());
        }
      }
      done = true;
    } finally {
      if (!done) {
        fail();
      }
    }
  }

  private synchronized @Nullable TilePath next() {
    return failed || !tiles.hasNext() ? null : tiles.next();
  }

  private synchronized void fail() {
    failed = true;
  }

  /** Payloads that were withheld once may not be any more. */
  private boolean isThere(TilePath tile) throws IOException {
    return target.has(tile) && (tile.kind() != TilePath.Kind.PAYLOADS || !target.withholds(tile));
  }

  private long bytesMax(TilePath tile) {
    return switch (tile.kind()) {
      case HASHES -> (long) tile.width() * Digest.LENGTH;
      case ENTRIES -> ENTRIES_BYTES_MAX;
      case PAYLOADS -> {
        long contentMax = Math.max(genesis.parameters().payloadBytesMax(), Genesis.BYTES_MAX);
        yield tile.width() * (ROW_OVERHEAD_BYTES + (contentMax + 2) / 3 * 4);
      }
    };
  }

  private synchronized void written(int more) {
    entries += more;
    progress.entries(entries, head.size());
  }
}
