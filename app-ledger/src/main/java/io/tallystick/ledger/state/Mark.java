package io.tallystick.ledger.state;

import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.StatementWriter;
import io.tallystick.crypto.merkle.CompactRange;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the state stands after a batch: all that has to be known besides the files.
 *
 * @param genesis hash of the genesis file
 * @param seq last sequence number executed
 * @param timeMicros ledger time there
 * @param head the ledger's tree head
 * @param firstOutcome index of the first outcome kept
 * @param outcomes the outcomes tree; nobody changes it
 */
record Mark(
    Digest genesis,
    long seq,
    long timeMicros,
    TreeHead head,
    long firstOutcome,
    CompactRange outcomes) {
  /** Changes what execution does when it changes (design 11); part of the state digest. */
  static final int FEATURE_LEVEL = 1;

  private static final int VERSION = 1;

  Bytes encode() {
    StatementWriter out =
        new StatementWriter()
            .u16(VERSION)
            .digest(genesis)
            .u64(seq)
            .u64(timeMicros)
            .u64(head.size())
            .digest(head.root())
            .u64(firstOutcome)
            .u64(outcomes.size());
    outcomes.hashes().forEach(out::digest);
    return Bytes.wrap(out.toArray());
  }

  /** Reads a mark, if it is one of this version. */
  static Optional<Mark> decode(Bytes content) {
    ByteBuffer in = ByteBuffer.wrap(content.unsafeArray());
    try {
      if (in.getShort() != VERSION) {
        return Optional.empty();
      }
      Digest genesis = digest(in);
      long seq = in.getLong();
      long timeMicros = in.getLong();
      TreeHead head = new TreeHead(in.getLong(), digest(in));
      long firstOutcome = in.getLong();
      long outcomes = in.getLong();
      List<Digest> hashes = new ArrayList<>();
      for (int i = 0; i < Long.bitCount(outcomes); i++) {
        hashes.add(digest(in));
      }
      CompactRange tree = CompactRange.of(outcomes, hashes);
      return Optional.of(new Mark(genesis, seq, timeMicros, head, firstOutcome, tree));
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  private static Digest digest(ByteBuffer in) {
    byte[] digest = new byte[Digest.LENGTH];
    in.get(digest);
    return Digest.of(digest);
  }

  /** Digest of all state but the ledger's tree ("state digest"). */
  Digest stateDigest() {
    return StatementWriter.context("state")
        .u64(timeMicros)
        .u16(FEATURE_LEVEL)
        .u64(firstOutcome)
        .u64(outcomes.size())
        .digest(outcomes.root())
        .hash();
  }
}
