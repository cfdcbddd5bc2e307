package io.tallystick.bft.verify;

import io.tallystick.bft.membership.Member;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Statement;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.Rfc6962;
import io.tallystick.crypto.note.Cosignature;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What must hold of one statement of one replica, whoever sends it: the signature decides. */
final class StatementChecks {
  private final Digest cluster;
  private final Membership membership;
  private final Parameters parameters;
  private final String origin;
  private final SignatureCheck signatures;

  StatementChecks(
      Digest cluster,
      Membership membership,
      Parameters parameters,
      String origin,
      SignatureCheck signatures) {
    this.cluster = cluster;
    this.membership = membership;
    this.parameters = parameters;
    this.origin = origin;
    this.signatures = signatures;
  }

  /** Epoch, id and layout, and then the signature. */
  @Nullable Failure signed(Signed<? extends Statement> signed) {
    Statement statement = signed.statement();
    Failure epoch = epoch(statement.epoch());
    if (epoch != null) {
      return epoch;
    }
    Optional<Member> member = membership.member(statement.replica());
    if (member.isEmpty()) {
      return unknown(statement.replica());
    }
    Failure shape =
        switch (statement) {
          case Vote vote -> slots(vote);
          case Checkpoint checkpoint -> checkpoint(checkpoint);
          case ViewChange viewChange -> atLeastZero("stable seq", viewChange.stableSeq());
          case NewView newView -> atLeastZero("stable seq", newView.stableSeq());
        };
    if (shape != null) {
      return shape;
    }
    byte[] layout = statement.signedBytes(cluster);
    return signatures.verify(member.get().identityKey(), layout, signed.signature())
        ? null
        : new Failure(
            Fault.BAD_SIGNATURE,
            statement.getClass().getSimpleName() + " of " + statement.replica());
  }

  @Nullable Failure epoch(long epoch) {
    return epoch == membership.epoch()
        ? null
        : new Failure(
            Fault.WRONG_EPOCH, "epoch: " + epoch + " (expected: " + membership.epoch() + ")");
  }

  /** A cosignature, under the key that its replica uses for heads alone. */
  @Nullable Failure cosignature(HeadCosignature cosignature) {
    Optional<Member> member = membership.member(cosignature.replica());
    if (member.isEmpty()) {
      return unknown(cosignature.replica());
    }
    Failure head = head(cosignature.head());
    if (head != null) {
      return head;
    }
    Failure time = atLeastZero("time", cosignature.timeSeconds());
    if (time != null) {
      return time;
    }
    byte[] layout = Cosignature.message(cosignature.timeSeconds(), noteText(cosignature.head()));
    return signatures.verify(member.get().cosignatureKey(), layout, cosignature.signature())
        ? null
        : new Failure(Fault.BAD_SIGNATURE, "cosignature of " + cosignature.replica());
  }

  static Failure unknown(ReplicaId replica) {
    return new Failure(Fault.UNKNOWN_REPLICA, replica + " (expected: a member of the epoch)");
  }

  private String noteText(TreeHead head) {
    return io.tallystick.crypto.note.Checkpoint.of(origin, head.size(), head.root()).text();
  }

  private @Nullable Failure slots(Vote vote) {
    int count = vote.slots().size();
    if (count < 1 || count > parameters.voteSlotsMax()) {
      return new Failure(
          Fault.BAD_SLOTS,
          "slots: " + count + " (expected: 1 to " + parameters.voteSlotsMax() + ")");
    }
    if (vote.view() < 0) {
      return new Failure(Fault.BAD_SLOTS, "view: " + vote.view() + " (expected: >= 0)");
    }
    long last = 0;
    for (SlotDigest slot : vote.slots()) {
      if (slot.seq() <= last) {
        return new Failure(Fault.BAD_SLOTS, "seq: " + slot.seq() + " (expected: > " + last + ")");
      }
      last = slot.seq();
    }
    return null;
  }

  private static @Nullable Failure checkpoint(Checkpoint checkpoint) {
    if (checkpoint.seq() < 1) {
      return new Failure(Fault.BAD_SLOTS, "seq: " + checkpoint.seq() + " (expected: >= 1)");
    }
    return head(checkpoint.head());
  }

  private static @Nullable Failure head(TreeHead head) {
    if (head.size() == 0 && !head.root().equals(Rfc6962.EMPTY_ROOT)) {
      return new Failure(
          Fault.DIGEST_MISMATCH,
          "root of an empty tree: " + head.root() + " (expected: SHA-256 of nothing)");
    }
    return atLeastZero("tree size", head.size());
  }

  private static @Nullable Failure atLeastZero(String what, long value) {
    return value >= 0
        ? null
        : new Failure(Fault.BAD_SLOTS, what + ": " + value + " (expected: >= 0)");
  }
}
