package io.tallystick.bft.host;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Statement;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Signature;
import io.tallystick.crypto.note.Cosignature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proofs that a replica contradicted itself, each a file that anybody who has genesis can verify:
 * {@code <kind>-r<id>-<epoch>-<view>-<seq>.json}, canonical JSON. Written once, and so many of them
 * at most. Used by one thread.
 */
final class EvidenceFiles {
  private static final Logger log = LoggerFactory.getLogger(EvidenceFiles.class);

  private final Path directory;
  private final Digest cluster;
  private final Function<io.tallystick.bft.message.TreeHead, String> noteText;
  private final int filesMax;

  EvidenceFiles(
      Path directory,
      Digest cluster,
      Function<io.tallystick.bft.message.TreeHead, String> noteText,
      int filesMax) {
    this.directory = directory;
    this.cluster = cluster;
    this.noteText = noteText;
    this.filesMax = filesMax;
  }

  /** Keeps a proof, unless it is there, or too many are. */
  void keep(ReplicaId culprit, Evidence evidence) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve(name(culprit, evidence));
    if (Files.exists(file)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      if (files.limit(filesMax).count() >= filesMax) {
        log.warn("{}: not kept, there are {} files of evidence", file, filesMax);
        return;
      }
    }
    Path unfinished = directory.resolve("unfinished");
    Files.writeString(unfinished, json(culprit, evidence));
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    log.warn("{} contradicted itself: the proof is in {}", culprit, file);
  }

  private static String name(ReplicaId culprit, Evidence evidence) {
    long epoch;
    long view;
    long seq;
    switch (evidence) {
      case Evidence.Votes(var at, var first, _) -> {
        epoch = first.statement().epoch();
        view = first.statement().view();
        seq = at;
      }
      case Evidence.Checkpoints(var first, _) -> {
        epoch = first.statement().epoch();
        view = 0;
        seq = first.statement().seq();
      }
      case Evidence.ViewChanges(var first, _) -> {
        epoch = first.statement().epoch();
        view = first.statement().newView();
        seq = 0;
      }
      case Evidence.NewViews(var first, _) -> {
        epoch = first.statement().epoch();
        view = first.statement().view();
        seq = 0;
      }
      case Evidence.Heads(var first, _) -> {
        epoch = 0;
        view = 0;
        seq = first.head().size();
      }
    }
    return "%s-%s-%d-%d-%d.json".formatted(kind(evidence), culprit, epoch, view, seq);
  }

  private static String kind(Evidence evidence) {
    return switch (evidence) {
      case Evidence.Votes(_, Signed<Vote> first, _) -> first.statement().phase().context();
      case Evidence.Checkpoints _ -> "checkpoint";
      case Evidence.ViewChanges _ -> "view-change";
      case Evidence.NewViews _ -> "new-view";
      case Evidence.Heads _ -> "head";
    };
  }

  /** Members in the order of RFC 8785; nothing in here needs escaping. */
  private String json(ReplicaId culprit, Evidence evidence) {
    String statements =
        switch (evidence) {
          case Evidence.Votes(_, Signed<Vote> first, Signed<Vote> second) ->
              signed(first) + "," + signed(second);
          case Evidence.Checkpoints(Signed<Checkpoint> first, Signed<Checkpoint> second) ->
              signed(first) + "," + signed(second);
          case Evidence.ViewChanges(Signed<ViewChange> first, Signed<ViewChange> second) ->
              signed(first) + "," + signed(second);
          case Evidence.NewViews(Signed<NewView> first, Signed<NewView> second) ->
              signed(first) + "," + signed(second);
          case Evidence.Heads(HeadCosignature first, HeadCosignature second) ->
              signed(first) + "," + signed(second);
        };
    return "{\"kind\":\"%s\",\"replica\":%d,\"statements\":[%s],\"v\":1}"
        .formatted(kind(evidence), culprit.value(), statements);
  }

  private String signed(Signed<? extends Statement> signed) {
    return statement(signed.statement().signedBytes(cluster), signed.signature());
  }

  private String signed(HeadCosignature cosignature) {
    String text = noteText.apply(cosignature.head());
    return statement(Cosignature.message(cosignature.timeSeconds(), text), cosignature.signature());
  }

  private static String statement(byte[] signed, Signature signature) {
    Base64.Encoder base64 = Base64.getEncoder();
    return "{\"signature\":\"%s\",\"signed\":\"%s\"}"
        .formatted(
            base64.encodeToString(signature.encoded().unsafeArray()),
            base64.encodeToString(signed));
  }
}
