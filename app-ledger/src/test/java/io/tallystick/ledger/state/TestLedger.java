package io.tallystick.ledger.state;

import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.config.Address;
import io.tallystick.config.Administrators;
import io.tallystick.config.Genesis;
import io.tallystick.config.GenesisReplica;
import io.tallystick.config.GrantSpec;
import io.tallystick.config.GrantSpec.Role;
import io.tallystick.config.JsonException;
import io.tallystick.config.NamePattern;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;
import java.util.ArrayList;
import java.util.List;

/** Genesis, keys and requests for tests of the ledger, alike each time. */
public final class TestLedger {
  /** Ledger time of genesis. */
  public static final long TIME = 1_795_421_520_123_456L;

  /** The ledger's name. */
  public static final String ORIGIN = "ledger.example/audit";

  /** A client that may append anything. */
  public static final PrivateKey ALICE = key(1);

  /** A client that may append to b* for bob*, from TIME + 10 s to TIME + 20 s. */
  public static final PrivateKey BOB = key(2);

  /** A client that may only read. */
  public static final PrivateKey READER = key(3);

  /** A client that submits orders. */
  public static final PrivateKey ADMIN = key(4);

  /** A client without a grant. */
  public static final PrivateKey NOBODY = key(5);

  /** The log key. */
  public static final PrivateKey LOG = key(90);

  private static final long SECOND = 1_000_000L;

  private TestLedger() {}

  /** The key of a seed. */
  public static PrivateKey key(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return PrivateKey.ofSeed(bytes);
  }

  /** The cosignature key of a replica. */
  public static PrivateKey cosignatureKey(int replica) {
    return key(40 + replica);
  }

  /** Four replicas, the clients above. */
  public static Genesis genesis() {
    return genesis(100_000);
  }

  /** With so many outcomes remembered at most. */
  public static Genesis genesis(int outcomesMax) {
    Parameters p = Parameters.defaults();
    List<GenesisReplica> replicas = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      replicas.add(
          GenesisReplica.of(
              new ReplicaId(i),
              ORIGIN,
              key(10 + i).publicKey(),
              cosignatureKey(i).publicKey(),
              new Address("127.0.0.1", 9100 + i)));
    }
    try {
      return Genesis.of(
          new Genesis.Contents(
              ORIGIN,
              TIME,
              LOG.publicKey(),
              replicas,
              new Administrators(List.of(key(80).publicKey()), 1),
              grants(),
              new Parameters(
                  p.checkpointInterval(),
                  p.checkpointSeconds(),
                  p.window(),
                  p.pipelineDepth(),
                  p.headInterval(),
                  p.headMillis(),
                  p.idleMillis(),
                  p.viewTimeoutMillis(),
                  p.skewMillis(),
                  p.deadlineMillisMax(),
                  outcomesMax,
                  p.payloadBytesMax(),
                  p.bundleRequestsMax(),
                  p.bundleBytesMax(),
                  p.batchBundlesMax(),
                  p.batchRequestsMax(),
                  p.batchBytesMax(),
                  p.voteSlotsMax())));
    } catch (JsonException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<GrantSpec> grants() {
    List<GrantSpec> grants = new ArrayList<>();
    grants.addAll(GrantSpec.everything(ALICE.publicKey(), Role.APPEND, Role.READ));
    grants.add(
        new GrantSpec(
            BOB.publicKey(),
            Role.APPEND,
            List.of(new NamePattern("bob*")),
            List.of(new NamePattern("b*"), new NamePattern("_system")),
            TIME + 10 * SECOND,
            TIME + 20 * SECOND,
            500));
    grants.addAll(GrantSpec.everything(READER.publicKey(), Role.READ));
    grants.addAll(GrantSpec.everything(ADMIN.publicKey(), Role.ADMIN));
    return grants;
  }

  /** The id of a number. */
  public static RequestId id(long number) {
    return new RequestId(
        Bytes.wrap(Digest.sha256(Bytes.utf8("id " + number)).toArray()).slice(0, 16));
  }

  /** A salt of a number. */
  public static Bytes salt(long number) {
    return Bytes.wrap(Digest.sha256(Bytes.utf8("salt " + number)).toArray());
  }

  /** A request of Alice's kind: principal alice, stream audit, text, under the id's own salt. */
  public static Request append(long id, String content, long deadlineMicros) {
    return append(id, "alice", "audit", content, deadlineMicros);
  }

  /** An append under the id's own salt. */
  public static Request append(
      long id, String principal, String stream, String content, long deadlineMicros) {
    return new Request(
        RequestKind.APPEND,
        principal,
        id(id),
        stream,
        "text/plain",
        Payload.of(salt(id), Bytes.utf8(content)),
        deadlineMicros);
  }

  /** The same request with another salt. */
  public static Request salted(Request request, long salt) {
    return new Request(
        request.kind(),
        request.principal(),
        request.id(),
        request.stream(),
        request.contentType(),
        Payload.of(salt(salt), request.payload().content()),
        request.deadlineMicros());
  }

  /** A request of another kind. */
  public static Request ofKind(RequestKind kind, Request request) {
    return new Request(
        kind,
        request.principal(),
        request.id(),
        kind == RequestKind.APPEND ? request.stream() : "",
        request.contentType(),
        request.payload(),
        request.deadlineMicros());
  }

  /** A bundle that its client signed. */
  public static Bundle bundle(PrivateKey client, Request... requests) {
    return bundle(client, List.of(requests));
  }

  /** A bundle that its client signed. */
  public static Bundle bundle(PrivateKey client, List<Request> requests) {
    byte[] signed = Bundle.signedBytes(genesis().hash(), client.publicKey(), requests);
    return new Bundle(
        client.publicKey(), requests, Digest.sha256(signed), Ed25519.sign(client, signed));
  }

  /** A bundle with a made-up digest and signature: execution looks at neither. */
  public static Bundle unsigned(PublicKey client, List<Request> requests) {
    return new Bundle(
        client, requests, Digest.ZERO, new Signature(Bytes.wrap(new byte[Signature.LENGTH])));
  }
}
