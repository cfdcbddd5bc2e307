package io.tallystick.network.handshake;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.StatementWriter;
import java.util.function.Consumer;

/**
 * What both sides sign (formats page, "handshake"): all that both said, the initiator's part of
 * each field first, and the tls-exporter value, or nothing, at the end.
 *
 * <p>One layout for both signatures is sound since the two keys differ, which both check, and their
 * order says who is who: a signature sent back to its maker verifies under the wrong key.
 */
final class Transcript {
  /** The newest wire version, and so far the only one. */
  static final int VERSION = 1;

  private Transcript() {}

  static byte[] signedBytes(Hello initiator, Hello responder, Bytes exporter) {
    StatementWriter out = StatementWriter.context("handshake").digest(initiator.cluster());
    Consumer<Consumer<Hello>> both =
        part -> {
          part.accept(initiator);
          part.accept(responder);
        };
    both.accept(
        hello -> {
          out.u8(hello.versions().size());
          hello.versions().forEach(out::u16);
        });
    both.accept(
        hello ->
            out.u8(hello.role().code())
                .u16(hello.id())
                .raw(hello.key().encoded())
                .u16(hello.peer()));
    both.accept(hello -> out.u32(hello.announcement().epoch()));
    both.accept(hello -> out.u64(hello.announcement().incarnation()));
    both.accept(hello -> out.raw(hello.announcement().startId()));
    both.accept(
        hello -> {
          HighestVote vote = hello.announcement().highestVote();
          out.u32(vote.epoch()).u64(vote.view()).u64(vote.seq());
        });
    both.accept(hello -> out.raw(hello.ephemeral()));
    both.accept(hello -> out.raw(hello.nonce()));
    both.accept(hello -> out.u8(hello.tls() ? 1 : 0));
    return out.u16(exporter.size()).raw(exporter).toArray();
  }
}
