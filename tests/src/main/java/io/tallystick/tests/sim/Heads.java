package io.tallystick.tests.sim;

import io.tallystick.bft.client.HeadChecker;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.verify.Simulated;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Signature;
import io.tallystick.crypto.StatementWriter;
import io.tallystick.crypto.merkle.RangeProof;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.Cosignature;
import io.tallystick.ledger.entry.Envelope;

/** What is signed of tree heads, and what proves entries in them: the product's layouts. */
final class Heads {
  private static final int APPENDIX_VERSION = 1;

  private Heads() {}

  /** What a cosigner signs. */
  static byte[] layout(Genesis genesis, TreeHead head, long ledgerTimeMicros) {
    return Cosignature.message(ledgerTimeMicros / 1_000_000, note(genesis, head));
  }

  /** The note's text that stands for a head. */
  static String note(Genesis genesis, TreeHead head) {
    return Checkpoint.of(genesis.origin(), head.size(), head.root()).text();
  }

  /** Verifies as a client does. */
  static HeadChecker checker(Setting setting, Simulated.Check check) {
    Genesis genesis = setting.genesis();
    return new HeadChecker() {
      @Override
      public boolean cosigned(HeadCosignature cosignature) {
        byte[] layout =
            Cosignature.message(cosignature.timeSeconds(), note(genesis, cosignature.head()));
        return setting
            .membership()
            .member(cosignature.replica())
            .map(member -> check.verify(member.cosignatureKey(), layout, cosignature.signature()))
            .orElse(false);
      }

      @Override
      public boolean logged(TreeHead head, Signature signature) {
        byte[] text = Bytes.utf8(note(genesis, head)).unsafeArray();
        return check.verify(genesis.logKey(), text, signature);
      }
    };
  }

  /** A bundle's appendix, as {@code Appendix} lays it out. */
  static Bytes appendix(Ledger ledger, Bundle bundle, java.util.List<Outcome> outcomes, long size) {
    StatementWriter out = new StatementWriter().u8(APPENDIX_VERSION).u64(size);
    int at = 0;
    while (at < outcomes.size()) {
      if (outcomes.get(at).kind() != OutcomeKind.COMMITTED) {
        at++;
        continue;
      }
      long first = outcomes.get(at).index();
      long end = first;
      for (; at < outcomes.size(); at++) {
        Outcome outcome = outcomes.get(at);
        if (outcome.kind() == OutcomeKind.COMMITTED && outcome.index() != end) {
          break;
        }
        if (outcome.kind() == OutcomeKind.COMMITTED) {
          leaf(out, ledger, end, bundle.requests().get(at));
          end++;
        }
      }
      for (Digest hash : RangeProof.build(ledger.entries(), first, end, size).hashes()) {
        out.digest(hash);
      }
    }
    return Bytes.wrap(out.toArray());
  }

  private static void leaf(StatementWriter out, Ledger ledger, long index, Request request) {
    Bytes leaf = ledger.leaf(index);
    out.u16(leaf.size()).raw(leaf);
    if (Envelope.commits(leaf, request.payload().commitment())) {
      out.u8(0);
    } else {
      out.u8(1).raw(ledger.request(index).payload().salt());
    }
  }
}
