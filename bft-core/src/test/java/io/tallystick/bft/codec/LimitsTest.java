package io.tallystick.bft.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tallystick.bft.codec.proto.PeerProto;
import io.tallystick.bft.fixture.Cluster;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.PeerMessage.BundleBody;
import io.tallystick.bft.message.PeerMessage.FetchBundles;
import io.tallystick.bft.message.Request;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final Parameters PARAMETERS = Parameters.defaults();
  private static final Cluster CLUSTER = new Cluster(4, PARAMETERS);
  private static final PeerCodec CODEC = new PeerCodec(PARAMETERS);

  @Test
  @DisplayName("S20 a payload at the limit decodes, one byte more doesn't")
  void takesPayloadsUpToTheLimit() throws MalformedMessage {
    BundleBody most = new BundleBody(bundleOf("x".repeat(PARAMETERS.payloadBytesMax())));
    assertEquals(most, CODEC.decode(CODEC.encode(most)));

    BundleBody over = new BundleBody(bundleOf("x".repeat(PARAMETERS.payloadBytesMax() + 1)));
    MalformedMessage refused = refused(CODEC.encode(over));
    assertEquals("peer.bundle_body.requests.content", refused.field());
    assertTrue(refused.toString().contains("1048577 bytes (expected: none or 1 to 1048576)"));
  }

  @Test
  @DisplayName("S20 payloads of a bundle are limited together")
  void limitsPayloadsTogether() {
    Request large = CLUSTER.request(1, "x".repeat(PARAMETERS.payloadBytesMax()));
    Bundle bundle = CLUSTER.bundle(1, List.of(large, large, CLUSTER.request(2, "y")));
    assertEquals(
        "peer.bundle_body.requests.content", refused(CODEC.encode(new BundleBody(bundle))).field());
  }

  @Test
  @DisplayName("S8 a message of a million empty elements is refused at the first over the limit")
  void refusesAmplification() {
    // 2 bytes each on the wire, a hundred on the heap of a generated parser.
    PeerProto.Bundle bundle =
        PeerProto.Bundle.newBuilder()
            .setClient(ByteString.copyFrom(new byte[32]))
            .setDigest(ByteString.copyFrom(new byte[32]))
            .setSignature(ByteString.copyFrom(new byte[64]))
            .addAllRequests(Collections.nCopies(1_000_000, PeerProto.Request.getDefaultInstance()))
            .build();
    Bytes bytes = encoded(PeerProto.PeerMessage.newBuilder().setBundleBody(bundle).build());
    assertEquals("peer.bundle_body.requests.kind", refused(bytes).field());

    PeerProto.Status status =
        PeerProto.Status.newBuilder()
            .addAllMissing(Collections.nCopies(1_000_000, PeerProto.Missing.getDefaultInstance()))
            .build();
    MalformedMessage refused =
        refused(encoded(PeerProto.PeerMessage.newBuilder().setStatus(status).build()));
    assertEquals("peer.status.missing", refused.field());
    assertTrue(refused.toString().contains("more than " + PARAMETERS.window()));
  }

  @Test
  @DisplayName("S1 a length beyond its message is refused before anything is allocated")
  void refusesLengthsBeyondTheMessage() {
    byte[] twoGigabytes = {0x52, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07};
    assertEquals("peer.bundle_body", refused(Bytes.wrap(twoGigabytes)).field());
    byte[] negative = {
      0x52, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1,
    };
    assertEquals("peer.bundle_body", refused(Bytes.wrap(negative)).field());
  }

  @Test
  void refusesMessagesOverTheFrameLimit() {
    MalformedMessage refused = refused(Bytes.wrap(new byte[PARAMETERS.frameBytesMax() + 1]));
    assertEquals("peer: 6291457 bytes (expected: <= 6291456)", refused.getMessage());
  }

  @Test
  @DisplayName("S2 an absent kind, two kinds, or an unknown field are refused")
  void refusesWhatIsNotExactlyOneKind() throws MalformedMessage {
    assertEquals("peer.kind", refused(Bytes.EMPTY).field());
    Bytes one = CODEC.encode(new FetchBundles(List.of(Digest.ZERO)));
    CODEC.decode(one);
    assertEquals("peer.field 9", refused(joined(one, one)).field());
    assertEquals("peer.field 99", refused(joined(one, Bytes.fromHex("980601"))).field());
    assertEquals("peer.kind", refused(Bytes.fromHex("980601")).field());
  }

  @Test
  void refusesPaddedVarintsAndWrittenOutDefaults() {
    // fetch_batches {from_seq: 1, to_seq: 1}, then the same with a padded 1, then from_seq: 0.
    assertEquals("peer.fetch_batches.from_seq", refused(Bytes.fromHex("5a050881001001")).field());
    assertEquals("peer.fetch_batches.from_seq", refused(Bytes.fromHex("5a0408001001")).field());
  }

  @Test
  void refusesMalformedUtf8() {
    PeerProto.Request request =
        PeerProto.Request.newBuilder()
            .setKind(PeerProto.RequestKind.APPEND)
            .setPrincipal("ab")
            .build();
    PeerProto.Bundle bundle =
        PeerProto.Bundle.newBuilder()
            .setClient(ByteString.copyFrom(new byte[32]))
            .setDigest(ByteString.copyFrom(new byte[32]))
            .setSignature(ByteString.copyFrom(new byte[64]))
            .addRequests(request)
            .build();
    byte[] bytes = PeerProto.PeerMessage.newBuilder().setBundleBody(bundle).build().toByteArray();
    bytes[bytes.length - 1] = (byte) 0xc0;
    MalformedMessage refused = refused(Bytes.wrap(bytes));
    assertEquals("peer.bundle_body.requests.principal", refused.field());
    assertTrue(refused.toString().contains("UTF-8"));
  }

  private static Bundle bundleOf(String content) {
    return CLUSTER.bundle(1, List.of(CLUSTER.request(1, content)));
  }

  private static Bytes encoded(PeerProto.PeerMessage message) {
    return Bytes.wrap(message.toByteArray());
  }

  private static Bytes joined(Bytes one, Bytes other) {
    return Bytes.fromHex(one.toHex() + other.toHex());
  }

  private static MalformedMessage refused(Bytes bytes) {
    return assertThrows(MalformedMessage.class, () -> CODEC.decode(bytes));
  }
}
