package io.tallystick.ledger.receipt;

import io.tallystick.bft.membership.Member;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.Cosignature;
import io.tallystick.crypto.note.NoteSignature;
import io.tallystick.crypto.note.SignedNote;
import io.tallystick.crypto.note.VerifierKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes a published head as the note that tools of transparency logs read: the log line first,
 * then the cosignatures in ascending order of ids. Strict readers refuse a note for one bad line,
 * so every line must have been verified before.
 */
public final class HeadNote {
  private HeadNote() {}

  /**
   * The note of a head.
   *
   * @param log the log key, named as the origin
   * @param membership of the head's epoch
   * @throws IllegalArgumentException when a cosigner isn't a member
   */
  public static SignedNote of(LoggedHead head, VerifierKey log, Membership membership) {
    TreeHead tree = head.head().head();
    String text = Checkpoint.of(log.name(), tree.size(), tree.root()).text();
    List<NoteSignature> lines = new ArrayList<>();
    lines.add(new NoteSignature(log.name(), log.keyId(), head.logSignature().encoded()));
    List<HeadCosignature> sorted = new ArrayList<>(head.head().cosignatures());
    sorted.sort(Comparator.comparing(HeadCosignature::replica));
    for (HeadCosignature line : sorted) {
      lines.add(line(line, membership));
    }
    return new SignedNote(text, lines);
  }

  private static NoteSignature line(HeadCosignature cosignature, Membership membership) {
    Member member =
        membership
            .member(cosignature.replica())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "cosigner: " + cosignature.replica() + " (expected: a member)"));
    return new Cosignature(cosignature.timeSeconds(), cosignature.signature())
        .line(VerifierKey.cosigner(member.cosignatureName(), member.cosignatureKey()));
  }
}
