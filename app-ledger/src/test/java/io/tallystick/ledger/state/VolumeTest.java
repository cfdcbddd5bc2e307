package io.tallystick.ledger.state;

import static io.tallystick.ledger.state.TestLedger.ALICE;
import static io.tallystick.ledger.state.TestLedger.TIME;
import static io.tallystick.ledger.state.TestLedger.append;
import static io.tallystick.ledger.state.TestLedger.unsigned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.ledger.entry.Envelope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that is long enough for three levels of tiles and many segments of outcomes. */
class VolumeTest {
  private static final int BATCHES = 20;
  private static final int PER_BATCH = 4_000;
  private static final Genesis GENESIS = TestLedger.genesis(1_000_000);

  @TempDir Path directory;

  private static List<Bundle> batch(int number) {
    List<Bundle> bundles = new ArrayList<>();
    for (int b = 0; b < 8; b++) {
      List<Request> requests = new ArrayList<>();
      for (int r = 0; r < PER_BATCH / 8; r++) {
        long id = (long) number * PER_BATCH + b * (PER_BATCH / 8L) + r;
        requests.add(append(id, "alice", "s" + id % 100, "content", TIME + 1_000_000));
      }
      bundles.add(unsigned(ALICE.publicKey(), requests));
    }
    return bundles;
  }

  @Test
  void keepsManyEntriesAndFindsThem() throws IOException {
    TreeHead head;
    Digest digest;
    try (LedgerStateMachine ledger = LedgerStateMachine.open(directory, GENESIS)) {
      for (int i = 0; i < BATCHES; i++) {
        ledger.execute(i + 1, TIME + i + 1, batch(i));
      }
      assertEquals(BATCHES, ledger.sync());
      head = ledger.state().head();
      digest = ledger.stateDigest();
    }
    assertEquals(1 + BATCHES * PER_BATCH, head.size());
    try (LedgerStateMachine ledger = LedgerStateMachine.open(directory, GENESIS)) {
      assertEquals(head, ledger.state().head());
      assertEquals(digest, ledger.stateDigest());
      for (long index = 1; index < head.size(); index += 997) {
        Envelope envelope = Envelope.parse(ledger.store().envelope(index));
        assertEquals(
            index, ledger.streams().entry(envelope.stream(), envelope.streamIndex()).orElse(-1));
        InclusionProof proof = InclusionProof.build(ledger.store(), index, head.size());
        assertTrue(proof.verify(Envelope.leafHash(ledger.store().envelope(index)), head.root()));
      }
      // The last batch again, with new salts or not, takes no effect
      ledger.execute(BATCHES + 1, TIME + 1_000, batch(BATCHES - 1));
      assertEquals(head, ledger.state().head());
    }
  }
}
