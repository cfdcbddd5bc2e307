package io.tallystick.ledger.follower;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import io.tallystick.ledger.store.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two heads of which neither tree is a prefix of the other, both signed by a quorum: at least f+1
 * replicas signed both.
 *
 * @param size at which the trees differ
 * @param ownRoot of the first head's tree at that size
 * @param otherRoot of the second's
 * @param proof the range proof, from that size on, that shows the second; empty at equal sizes
 */
record ForkEvidence(
    CopyHead own, CopyHead other, long size, Digest ownRoot, Digest otherRoot, List<Digest> proof) {

  private static final String DIRECTORY = "evidence";

  /** The replicas that signed both, ascending. */
  List<ReplicaId> signers() {
    List<ReplicaId> others = signers(other);
    return signers(own).stream().filter(others::contains).sorted().toList();
  }

  private static List<ReplicaId> signers(CopyHead head) {
    return head.head().head().cosignatures().stream().map(HeadCosignature::replica).toList();
  }

  /** Whether such evidence is in a copy's directory: then nobody follows on before a person did. */
  static boolean isIn(Path directory) throws IOException {
    Path evidence = directory.resolve(DIRECTORY);
    if (!Files.isDirectory(evidence)) {
      return false;
    }
    try (Stream<Path> files = Files.list(evidence)) {
      return files.findAny().isPresent();
    }
  }

  /** Writes {@code evidence/heads-<epoch>-<size>-<size>.json}, and answers its path. */
  Path write(Path directory) throws IOException {
    Path evidence = Files.createDirectories(directory.resolve(DIRECTORY));
    Path file =
        evidence.resolve("heads-%d-%d-%d.json".formatted(own.epoch(), own.size(), other.size()));
    Files.write(file, CanonicalJson.write(json()).unsafeArray());
    Directories.sync(evidence);
    return file;
  }

  private JsonObject json() {
    return new JsonObject()
        .put("v", 1)
        .put("kind", "heads")
        .put("replicas", signers().stream().map(id -> Integer.toString(id.value())).toList())
        .put("heads", List.of(own.note().toString(), other.note().toString()))
        .put("size", Long.toString(size))
        .put("roots", List.of(ownRoot.toHex(), otherRoot.toHex()))
        .put("proof", proof.stream().map(Digest::toHex).toList());
  }
}
