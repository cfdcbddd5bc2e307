package io.tallystick.ledger.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tallystick.bft.client.HeadChecker;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.Signature;
import io.tallystick.crypto.merkle.Rfc6962;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.Cosignature;
import io.tallystick.crypto.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;

/**
 * Verifies signatures on a ledger's heads, and remembers which held: the replies to all bundles of
 * a batch bear the same cosignatures. For any thread.
 */
public final class HeadKeys implements HeadChecker {
  private static final int REMEMBERED = 4_096;

  private final VerifierKey log;
  private final Membership membership;
  private final Cache<Object, Boolean> held = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  private record LogSignature(TreeHead head, Signature signature) {}

  /**
   * The keys of one epoch.
   *
   * @param log the log key, named as the origin
   */
  public HeadKeys(VerifierKey log, Membership membership) {
    this.log = log;
    this.membership = membership;
  }

  /** Whose cosignatures count. */
  public Membership membership() {
    return membership;
  }

  /** The ledger's log key; its name is the origin. */
  public VerifierKey log() {
    return log;
  }

  @Override
  public boolean cosigned(HeadCosignature cosignature) {
    return remembered(cosignature, () -> holds(cosignature));
  }

  private boolean holds(HeadCosignature cosignature) {
    TreeHead head = cosignature.head();
    return isHead(head)
        && cosignature.timeSeconds() >= 0
        && membership
            .member(cosignature.replica())
            .filter(
                member ->
                    new Cosignature(cosignature.timeSeconds(), cosignature.signature())
                        .verify(member.cosignatureKey(), text(head)))
            .isPresent();
  }

  @Override
  public boolean logged(TreeHead head, Signature signature) {
    return remembered(
        new LogSignature(head, signature),
        () ->
            isHead(head)
                && Ed25519.verify(
                    log.publicKey(), text(head).getBytes(StandardCharsets.UTF_8), signature));
  }

  /** Whether a quorum's cosignatures, each valid and each replica's once, and the log's hold. */
  public boolean published(LoggedHead head) {
    TreeSet<ReplicaId> signers = new TreeSet<>();
    for (HeadCosignature line : head.head().cosignatures()) {
      if (!line.head().equals(head.head().head()) || !cosigned(line)) {
        return false;
      }
      signers.add(line.replica());
    }
    return head.head().epoch() == membership.epoch()
        && signers.size() == head.head().cosignatures().size()
        && signers.size() >= membership.quorum()
        && logged(head.head().head(), head.logSignature());
  }

  private boolean remembered(Object key, java.util.function.BooleanSupplier check) {
    if (held.getIfPresent(key) != null) {
      return true;
    }
    boolean holds = check.getAsBoolean();
    if (holds) {
      held.put(key, Boolean.TRUE);
    }
    return holds;
  }

  private static boolean isHead(TreeHead head) {
    return head.size() > 0 || head.size() == 0 && head.root().equals(Rfc6962.EMPTY_ROOT);
  }

  private String text(TreeHead head) {
    return Checkpoint.of(log.name(), head.size(), head.root()).text();
  }
}
