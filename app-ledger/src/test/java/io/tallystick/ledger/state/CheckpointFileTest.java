package io.tallystick.ledger.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.Cosignature;
import io.tallystick.crypto.note.SignedNote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
  private static final Genesis GENESIS = TestLedger.genesis();

  @TempDir Path directory;

  private static LoggedHead head(long size, int... replicas) {
    Digest root = Digest.sha256(new byte[] {(byte) size});
    TreeHead head = new TreeHead(size, root);
    String text = Checkpoint.of(TestLedger.ORIGIN, size, root).text();
    List<HeadCosignature> lines = new ArrayList<>();
    for (int replica : replicas) {
      Cosignature line =
          Cosignature.sign(TestLedger.cosignatureKey(replica), 1_000 + replica, text);
      lines.add(
          new HeadCosignature(
              new ReplicaId(replica), head, line.timestampSeconds(), line.signature()));
    }
    return new LoggedHead(
        new PublishedHead(0, head, lines),
        Ed25519.sign(TestLedger.LOG, text.getBytes(StandardCharsets.UTF_8)));
  }

  private static long size(Optional<SignedNote> note) {
    return note.map(n -> Checkpoint.parse(n.text()).size()).orElse(-1L);
  }

  @Test
  void keepsTheLargestHeadAcrossRestarts() throws IOException {
    Path path = directory.resolve("checkpoint");
    CheckpointFile file = new CheckpointFile(path, GENESIS);
    assertEquals(-1, size(file.newest()));
    file.write(head(5, 0, 1, 2));
    file.write(head(9, 0, 1, 2, 3));
    file.write(head(7, 1, 2, 3));
    assertEquals(9, size(file.newest()));
    CheckpointFile again = new CheckpointFile(path, GENESIS);
    assertEquals(file.newest(), again.newest());
    assertEquals(Files.readString(path), again.newest().orElseThrow().toString());
    assertEquals(5, again.newest().orElseThrow().signatures().size());
  }

  @Test
  void takesNoHeadThatTheGenesisPolicyRefuses() throws IOException {
    CheckpointFile file = new CheckpointFile(directory.resolve("checkpoint"), GENESIS);
    LoggedHead whole = head(5, 0, 1, 2);
    LoggedHead unlogged = new LoggedHead(whole.head(), head(6, 0).logSignature());
    List<HeadCosignature> lines = new ArrayList<>(whole.head().cosignatures());
    lines.set(1, head(6, 1).head().cosignatures().getFirst());
    LoggedHead swapped =
        new LoggedHead(new PublishedHead(0, whole.head().head(), lines), whole.logSignature());
    for (LoggedHead bad : List.of(head(5, 0, 1), unlogged, swapped)) {
      assertThrows(IllegalStateException.class, () -> file.write(bad));
    }
    assertEquals(-1, size(file.newest()));
  }

  @Test
  void takesATornFileForNone() throws IOException {
    Path path = directory.resolve("checkpoint");
    new CheckpointFile(path, GENESIS).write(head(5, 0, 1, 2));
    byte[] bytes = Files.readAllBytes(path);
    for (int length = 0; length < bytes.length; length += 7) {
      Files.write(path, java.util.Arrays.copyOf(bytes, length));
      assertEquals(-1, size(new CheckpointFile(path, GENESIS).newest()), "length " + length);
    }
  }
}
