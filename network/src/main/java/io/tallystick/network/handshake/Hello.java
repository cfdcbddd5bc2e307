package io.tallystick.network.handshake;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.StatementWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What each side says first, in a fixed layout of its own: integers big-endian.
 *
 * <pre>
 * u8 count || u16 version*      1 to 16, strictly ascending
 * cluster[32] || u8 role (1 replica, 2 client) || u16 id (0 for a client) || identity key[32]
 * u16 peer                      the id it believes to talk to (0 to a client)
 * u32 epoch || u64 incarnation || start id[16] || u32 epoch, u64 view, u64 seq of its highest vote
 * X25519 key[32] || nonce[32] || u8 link (0 plain, 1 TLS)
 * </pre>
 *
 * @param versions wire versions offered, strictly ascending
 * @param peer who it believes is at the other end
 * @param tls whether it sees a TLS link
 */
record Hello(
    List<Integer> versions,
    Digest cluster,
    Role role,
    int id,
    PublicKey key,
    int peer,
    Announcement announcement,
    Bytes ephemeral,
    Bytes nonce,
    boolean tls) {
  static final int VERSIONS_MAX = 16;
  static final int NONCE_LENGTH = 32;
  static final int EPHEMERAL_LENGTH = 32;
  private static final int FIXED_LENGTH = 32 + 1 + 2 + 32 + 2 + 4 + 8 + 16 + 20 + 32 + 32 + 1;

  /** As what a party comes. */
  enum Role {
    REPLICA(1),
    CLIENT(2);

    private final int code;

    Role(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  Hello {
    versions = List.copyOf(versions);
  }

  Bytes encode() {
    StatementWriter out = new StatementWriter().u8(versions.size());
    versions.forEach(out::u16);
    out.digest(cluster).u8(role.code()).u16(id).raw(key.encoded()).u16(peer);
    out.u32(announcement.epoch()).u64(announcement.incarnation()).raw(announcement.startId());
    HighestVote vote = announcement.highestVote();
    out.u32(vote.epoch()).u64(vote.view()).u64(vote.seq());
    return Bytes.wrap(out.raw(ephemeral).raw(nonce).u8(tls ? 1 : 0).toArray());
  }

  /** Decodes {@code length} bytes from {@code in}; empty when they are no hello, byte for byte. */
  static Optional<Hello> decode(ByteBuffer in, int length) {
    if (length < 1 || in.remaining() < length) {
      return Optional.empty();
    }
    int count = in.get() & 0xff;
    if (count < 1 || count > VERSIONS_MAX || length != 1 + 2 * count + FIXED_LENGTH) {
      return Optional.empty();
    }
    List<Integer> versions = new ArrayList<>(count);
    int last = -1;
    for (int i = 0; i < count; i++) {
      int version = in.getShort() & 0xffff;
      if (version <= last) {
        return Optional.empty();
      }
      versions.add(version);
      last = version;
    }
    return decodeRest(in, versions);
  }

  private static Optional<Hello> decodeRest(ByteBuffer in, List<Integer> versions) {
    Digest cluster = Digest.of(take(in, Digest.LENGTH));
    int role = in.get();
    int id = in.getShort() & 0xffff;
    PublicKey key = new PublicKey(Bytes.wrap(take(in, PublicKey.LENGTH)));
    int peer = in.getShort() & 0xffff;
    long epoch = in.getInt() & 0xffffffffL;
    long incarnation = in.getLong();
    Bytes startId = Bytes.wrap(take(in, Announcement.START_ID_LENGTH));
    HighestVote vote = new HighestVote(in.getInt() & 0xffffffffL, in.getLong(), in.getLong());
    Bytes ephemeral = Bytes.wrap(take(in, EPHEMERAL_LENGTH));
    Bytes nonce = Bytes.wrap(take(in, NONCE_LENGTH));
    int link = in.get();
    if (role < 1 || role > 2 || (role == 2 && id != 0) || link < 0 || link > 1) {
      return Optional.empty();
    }
    return Optional.of(
        new Hello(
            versions,
            cluster,
            role == 1 ? Role.REPLICA : Role.CLIENT,
            id,
            key,
            peer,
            new Announcement(epoch, incarnation, startId, vote),
            ephemeral,
            nonce,
            link == 1));
  }

  static byte[] take(ByteBuffer in, int length) {
    byte[] array = new byte[length];
    in.get(array);
    return array;
  }
}
