package io.tallystick.ledger.verify;

import io.tallystick.config.Genesis;
import io.tallystick.config.JsonException;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.CompactRange;
import io.tallystick.crypto.merkle.EntryBundle;
import io.tallystick.crypto.merkle.MalformedTreeException;
import io.tallystick.crypto.merkle.Rfc6962;
import io.tallystick.crypto.merkle.TilePath;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.MalformedNoteException;
import io.tallystick.crypto.note.PolicyVerdict;
import io.tallystick.crypto.note.SignedNote;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.export.ExportPaths;
import io.tallystick.ledger.verify.VerifyReport.Broken;
import io.tallystick.ledger.verify.VerifyReport.Consistent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Verifies an export directory as the formats page lays it out: recomputes every hash, checks every
 * signature, numbering, time and policy, and shows the first thing wrong. What it finds consistent
 * is exactly what a quorum of the ledger's replicas signed; whose ledger that is, the pin says.
 */
public final class ExportVerifier {
  private static final long NOTE_BYTES_MAX = 64 << 10;
  private static final long POLICY_BYTES_MAX = 64 << 10;
  private static final long ENTRIES_BYTES_MAX = 256L * (2 + Envelope.BYTES_MAX);
  private static final int ROW_OVERHEAD_BYTES = 128;

  private final ExportFolder folder;
  private final Path directory;
  private final Pin pin;
  private final Progress progress;

  /** Is told how far a verification has come. */
  @FunctionalInterface
  public interface Progress {
    /** So many of so many entries are checked. */
    void entries(long done, long of);
  }

  private ExportVerifier(Path directory, Pin pin, Progress progress) {
    this.directory = directory;
    this.folder = new ExportFolder(directory);
    this.pin = pin;
    this.progress = progress;
  }

  /**
   * Verifies the export in {@code directory}.
   *
   * @throws IOException when a file can't be read, which says nothing about the export
   */
  public static VerifyReport verify(Path directory, Pin pin, Progress progress) throws IOException {
    if (!Files.isDirectory(directory)) {
      return new Broken("is no directory (expected: an export)", ".", OptionalLong.empty());
    }
    try {
      // A link to an export is one; links within it aren't
      return new ExportVerifier(directory.toRealPath(), pin, progress).verify();
    } catch (BrokenExportException e) {
      return e.broken();
    }
  }

  private VerifyReport verify() throws IOException, BrokenExportException {
    Genesis genesis = genesis();
    policies(genesis);
    SignedNote note = checkpoint(genesis);
    PolicyVerdict.Accepted accepted = accepted(genesis, note);
    Checkpoint head = accepted.checkpoint();
    folder.refuseOthers(head.size());
    EntryChecks entries = entries(genesis, head);
    int f = genesis.membership().f();
    long headSeconds = accepted.timestampSeconds(f + 1);
    if (headSeconds < entries.timeMicros() / 1_000_000) {
      throw BrokenExportException.at(
          ExportPaths.CHECKPOINT,
          "head time "
              + headSeconds
              + " s is before the last entry's ("
              + entries.timeMicros() / 1_000_000
              + " s)");
    }
    return new Consistent(
        !(pin instanceof Pin.Nothing),
        genesis.hash(),
        genesis.origin(),
        head.size(),
        head.root(),
        headSeconds,
        accepted.lines().size() - 1,
        entries.streams(),
        entries.withheld());
  }

  private Genesis genesis() throws IOException, BrokenExportException {
    Bytes file = folder.read(ExportPaths.GENESIS, Genesis.BYTES_MAX);
    if (pin instanceof Pin.GenesisHash(Digest hash) && !Digest.sha256(file).equals(hash)) {
      throw BrokenExportException.at(
          ExportPaths.GENESIS,
          "SHA-256 is " + Digest.sha256(file) + " (expected: " + hash + ", as pinned)");
    }
    try {
      return Genesis.parse(file);
    } catch (JsonException e) {
      throw BrokenExportException.at(ExportPaths.GENESIS, String.valueOf(e.getMessage()));
    }
  }

  private void policies(Genesis genesis) throws IOException, BrokenExportException {
    if (pin instanceof Pin.Policy(Bytes file) && !file.equals(Bytes.utf8(genesis.policy()))) {
      throw BrokenExportException.at(
          ExportPaths.GENESIS, "its replicas and log key don't give the pinned policy");
    }
    for (String name : List.of(ExportPaths.POLICY, ExportPaths.FIRST_POLICY)) {
      if (!folder.read(name, POLICY_BYTES_MAX).equals(Bytes.utf8(genesis.policy()))) {
        throw BrokenExportException.at(
            name, "isn't the policy that follows from genesis.json, byte for byte");
      }
    }
  }

  private SignedNote checkpoint(Genesis genesis) throws IOException, BrokenExportException {
    Bytes file = folder.read(ExportPaths.CHECKPOINT, NOTE_BYTES_MAX);
    SignedNote note;
    try {
      note = SignedNote.parse(file);
    } catch (MalformedNoteException e) {
      throw BrokenExportException.at(ExportPaths.CHECKPOINT, String.valueOf(e.getMessage()));
    }
    List<String> seen = new ArrayList<>();
    for (var line : note.signatures()) {
      boolean known =
          genesis.trust().logs().stream().anyMatch(log -> log.key().names(line))
              || genesis.trust().witnesses().stream().anyMatch(w -> w.key().names(line));
      if (!known || seen.contains(line.name())) {
        throw BrokenExportException.at(
            ExportPaths.CHECKPOINT,
            "signature line of "
                + line.name()
                + (known ? " a second time" : ", which isn't a key of the policy"));
      }
      seen.add(line.name());
    }
    return note;
  }

  private PolicyVerdict.Accepted accepted(Genesis genesis, SignedNote note)
      throws BrokenExportException {
    return switch (genesis.trust().evaluate(note)) {
      case PolicyVerdict.Refused(var reason, String detail) ->
          throw BrokenExportException.at(ExportPaths.CHECKPOINT, reason + ": " + detail);
      case PolicyVerdict.Accepted accepted -> {
        if (accepted.checkpoint().hasExtensions() || accepted.checkpoint().size() < 1) {
          throw BrokenExportException.at(
              ExportPaths.CHECKPOINT, "expected: no extension lines, and at least one entry");
        }
        yield accepted;
      }
    };
  }

  private EntryChecks entries(Genesis genesis, Checkpoint head)
      throws IOException, BrokenExportException {
    EntryChecks checks = new EntryChecks(genesis);
    CompactRange tree = new CompactRange();
    TileComparison tiles = new TileComparison(folder);
    int payloadBytesMax = genesis.parameters().payloadBytesMax();
    for (long n = 0; TilePath.width(0, n, head.size()) > 0; n++) {
      int width = TilePath.width(0, n, head.size());
      String file = TilePath.entries(n, width).toString();
      List<Bytes> leaves = leaves(file, width);
      String rowFile = TilePath.payloads(n, width).toString();
      try (PayloadRows rows = PayloadRows.open(directory, rowFile, rowBytesMax(payloadBytesMax))) {
        for (Bytes leaf : leaves) {
          Envelope envelope = checks.envelope(file, leaf);
          tree.append(Rfc6962.leafHash(leaf), tiles);
          checks.row(rowFile, rows.next(checks.count()), envelope);
        }
        rows.end();
      }
      tiles.compareFull();
      progress.entries(checks.count(), head.size());
    }
    tiles.comparePartial();
    if (!tree.root().equals(head.root())) {
      throw BrokenExportException.at(
          ExportPaths.CHECKPOINT,
          "root " + head.root() + " isn't that of the entries (expected: " + tree.root() + ")");
    }
    return checks;
  }

  private static int rowBytesMax(int payloadBytesMax) {
    int contentMax = Math.max(payloadBytesMax, Genesis.BYTES_MAX);
    return ROW_OVERHEAD_BYTES + (contentMax + 2) / 3 * 4;
  }

  private List<Bytes> leaves(String file, int width) throws IOException, BrokenExportException {
    Bytes content = folder.read(file, ENTRIES_BYTES_MAX);
    try {
      return EntryBundle.decode(content.unsafeArray(), width).entries();
    } catch (MalformedTreeException e) {
      throw BrokenExportException.at(file, String.valueOf(e.getMessage()));
    }
  }
}
