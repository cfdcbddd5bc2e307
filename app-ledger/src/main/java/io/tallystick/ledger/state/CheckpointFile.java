package io.tallystick.ledger.state;

import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.config.Genesis;
import io.tallystick.config.GenesisReplica;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.Cosignature;
import io.tallystick.crypto.note.MalformedNoteException;
import io.tallystick.crypto.note.NoteSignature;
import io.tallystick.crypto.note.PolicyVerdict;
import io.tallystick.crypto.note.SignedNote;
import io.tallystick.crypto.note.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest published head, as the file {@code checkpoint}: the log's line and those of a quorum.
 * It never goes back to a smaller tree. Replaced whole, not synced: after a crash the next one
 * comes soon, and one that isn't whole isn't read.
 */
final class CheckpointFile {
  private final Path path;
  private final Genesis genesis;
  private volatile @Nullable SignedNote newest;
  private long size = -1;

  CheckpointFile(Path path, Genesis genesis) throws IOException {
    this.path = path;
    this.genesis = genesis;
    if (Files.exists(path)) {
      read(Bytes.wrap(Files.readAllBytes(path)));
    }
  }

  private void read(Bytes bytes) {
    try {
      SignedNote note = SignedNote.parse(bytes);
      if (genesis.trust().evaluate(note) instanceof PolicyVerdict.Accepted accepted) {
        newest = note;
        size = accepted.checkpoint().size();
      }
    } catch (MalformedNoteException e) {
      // Torn by a crash: as good as none
      newest = null;
    }
  }

  /** The newest one there was, as a note. */
  Optional<SignedNote> newest() {
    return Optional.ofNullable(newest);
  }

  /** Keeps a head if it is of a larger tree, and every line on it holds. */
  synchronized void write(LoggedHead logged) throws IOException {
    TreeHead head = logged.head().head();
    if (head.size() <= size) {
      return;
    }
    SignedNote note = note(logged);
    if (!(genesis.trust().evaluate(note) instanceof PolicyVerdict.Accepted)) {
      throw new IllegalStateException(
          "published head of size " + head.size() + ": not signed by a quorum");
    }
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.write(fresh, Bytes.utf8(note.toString()).unsafeArray());
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    newest = note;
    size = head.size();
  }

  private SignedNote note(LoggedHead logged) {
    TreeHead head = logged.head().head();
    VerifierKey log = genesis.logVkey();
    List<NoteSignature> lines = new ArrayList<>();
    lines.add(new NoteSignature(log.name(), log.keyId(), logged.logSignature().encoded()));
    for (HeadCosignature cosignature : logged.head().cosignatures()) {
      for (GenesisReplica replica : genesis.replicas()) {
        if (replica.id().equals(cosignature.replica())) {
          lines.add(
              new Cosignature(cosignature.timeSeconds(), cosignature.signature())
                  .line(replica.cosignatureVkey()));
        }
      }
    }
    String text = Checkpoint.of(genesis.origin(), head.size(), head.root()).text();
    return new SignedNote(text, lines);
  }
}
