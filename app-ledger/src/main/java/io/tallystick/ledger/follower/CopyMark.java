package io.tallystick.ledger.follower;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Signature;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How much of a copy is verified and durable, and by which head.
 *
 * @param size entries
 * @param root of their tree
 * @param proof a published head whose tree they are the beginning of, or the whole
 */
record CopyMark(long size, Digest root, LoggedHead proof) {
  private static final int LINE_BYTES = Short.BYTES + Long.BYTES + Signature.LENGTH;

  /**
   * u64 size, root, u64 epoch, u64 head size, head root, log signature, and for each line u16 id,
   * u64 time, signature: at most 1.2 KB.
   */
  Bytes encode() {
    PublishedHead head = proof.head();
    ByteBuffer bytes =
        ByteBuffer.allocate(
            3 * Long.BYTES
                + 2 * Digest.LENGTH
                + Signature.LENGTH
                + head.cosignatures().size() * LINE_BYTES);
    bytes.putLong(size).put(root.unsafeArray());
    bytes.putLong(head.epoch()).putLong(head.head().size()).put(head.head().root().unsafeArray());
    bytes.put(proof.logSignature().encoded().unsafeArray());
    for (HeadCosignature line : head.cosignatures()) {
      bytes.putShort((short) line.replica().value()).putLong(line.timeSeconds());
      bytes.put(line.signature().encoded().unsafeArray());
    }
    return Bytes.wrap(bytes.array());
  }

  /** Reads what {@link #encode} wrote; empty on anything shorter, or with half a line. */
  static Optional<CopyMark> decode(Bytes mark) {
    ByteBuffer bytes = ByteBuffer.wrap(mark.unsafeArray());
    try {
      long size = bytes.getLong();
      Digest root = digest(bytes);
      long epoch = bytes.getLong();
      TreeHead head = new TreeHead(bytes.getLong(), digest(bytes));
      Signature log = signature(bytes);
      List<HeadCosignature> lines = new ArrayList<>();
      while (bytes.hasRemaining()) {
        ReplicaId replica = new ReplicaId(bytes.getShort() & 0xffff);
        lines.add(new HeadCosignature(replica, head, bytes.getLong(), signature(bytes)));
      }
      PublishedHead published = new PublishedHead(epoch, head, lines);
      return Optional.of(new CopyMark(size, root, new LoggedHead(published, log)));
    } catch (BufferUnderflowException e) {
      // Not ours: the caller says which file
      return Optional.empty();
    }
  }

  private static Digest digest(ByteBuffer bytes) {
    byte[] digest = new byte[Digest.LENGTH];
    bytes.get(digest);
    return Digest.of(digest);
  }

  private static Signature signature(ByteBuffer bytes) {
    byte[] signature = new byte[Signature.LENGTH];
    bytes.get(signature);
    return new Signature(Bytes.wrap(signature));
  }
}
