package io.tallystick.bft.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one message, field after field in ascending order, as its schema has them. A field that is
 * asked for and isn't next is absent; whatever is left when the message should be over was unknown,
 * twice, or out of order, and is refused. Every size and count is checked before it is believed.
 * Used by one thread, for one message.
 */
final class WireReader {
  private final byte[] source;
  private final CodedInputStream in;
  private int nextTag;

  private WireReader(byte[] source) {
    this.source = source;
    this.in = CodedInputStream.newInstance(source);
  }

  /** Reads one message of a kind. */
  interface Body<T> {
    T read(WireReader in) throws MalformedMessage;
  }

  /** Reads the whole of {@code bytes} as one message. */
  static <T> T read(String name, Bytes bytes, int bytesMax, Body<T> body) throws MalformedMessage {
    if (bytes.size() > bytesMax) {
      throw new MalformedMessage(name, bytes.size() + " bytes (expected: <= " + bytesMax + ")");
    }
    WireReader reader = new WireReader(bytes.unsafeArray());
    T value;
    try {
      reader.in.pushLimit(bytes.size());
      reader.advance();
      value = body.read(reader);
      reader.end();
    } catch (MalformedMessage e) {
      throw e.within(name);
    } catch (IOException e) {
      throw new MalformedMessage(name, "truncated (expected: " + bytes.size() + " bytes)");
    }
    return value;
  }

  /** Number of the field that comes next; 0 at the end of the message. */
  int nextField() {
    return WireFormat.getTagFieldNumber(nextTag);
  }

  /** An integer from 0 to 2^63 − 1. */
  long number(int field, String name) throws MalformedMessage {
    return bounded(field, name, Long.MAX_VALUE);
  }

  /** Any 64 bits. */
  long anyLong(int field, String name) throws MalformedMessage {
    if (!takes(field, WireFormat.WIRETYPE_VARINT)) {
      return 0;
    }
    long value = varint(name);
    if (value == 0) {
      throw new MalformedMessage(name, "0 written out (expected: left out)");
    }
    advance();
    return value;
  }

  /** An integer from 0 to {@code max}. */
  long bounded(int field, String name, long max) throws MalformedMessage {
    long value = anyLong(field, name);
    if (value < 0 || value > max) {
      throw new MalformedMessage(
          name, Long.toUnsignedString(value) + " (expected: 0 to " + max + ")");
    }
    return value;
  }

  long u32(int field, String name) throws MalformedMessage {
    return bounded(field, name, 0xffff_ffffL);
  }

  boolean flag(int field, String name) throws MalformedMessage {
    return bounded(field, name, 1) == 1;
  }

  ReplicaId replica(int field) throws MalformedMessage {
    return new ReplicaId((int) bounded(field, "replica", ReplicaId.VALUE_MAX));
  }

  /** At most {@code max} bytes. */
  Bytes bytes(int field, String name, int max) throws MalformedMessage {
    return Bytes.wrap(array(field, name, 0, max));
  }

  Bytes exactly(int field, String name, int length) throws MalformedMessage {
    return Bytes.wrap(array(field, name, length, length));
  }

  Digest digest(int field, String name) throws MalformedMessage {
    return Digest.of(array(field, name, Digest.LENGTH, Digest.LENGTH));
  }

  Signature signature(int field, String name) throws MalformedMessage {
    return new Signature(exactly(field, name, Signature.LENGTH));
  }

  PublicKey publicKey(int field, String name) throws MalformedMessage {
    return new PublicKey(exactly(field, name, PublicKey.LENGTH));
  }

  /** Well-formed UTF-8 of at most {@code max} bytes. */
  String string(int field, String name, int max) throws MalformedMessage {
    byte[] utf8 = array(field, name, 0, max);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedMessage(name, "malformed UTF-8 (expected: well-formed)");
    }
  }

  /** 32-byte digests, {@code min} to {@code max} of them. */
  List<Digest> digests(int field, String name, int min, int max) throws MalformedMessage {
    List<Digest> list = new ArrayList<>();
    while (has(field)) {
      room(name, list.size(), max);
      list.add(digest(field, name));
    }
    return enough(name, list, min);
  }

  /** Nested messages, {@code min} to {@code max} of them. */
  <T> List<T> messages(int field, String name, Count count, Body<T> body) throws MalformedMessage {
    List<T> list = new ArrayList<>();
    while (has(field)) {
      room(name, list.size(), count.max());
      list.add(message(field, name, body));
    }
    return enough(name, list, count.min());
  }

  /** How many elements a list may have. */
  record Count(int min, int max) {}

  /** A nested message that must be there. */
  <T> T message(int field, String name, Body<T> body) throws MalformedMessage {
    if (!takes(field, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      throw new MalformedMessage(name, "absent (expected: present)");
    }
    int length = length(name);
    try {
      int outer = in.pushLimit(length);
      advance();
      T value = body.read(this);
      end();
      in.popLimit(outer);
      advance();
      return value;
    } catch (MalformedMessage e) {
      throw e.within(name);
    } catch (IOException e) {
      throw new MalformedMessage(name, "truncated (expected: " + length + " bytes)");
    }
  }

  /** A nested message that may be absent. */
  <T> Optional<T> optional(int field, String name, Body<T> body) throws MalformedMessage {
    return has(field) ? Optional.of(message(field, name, body)) : Optional.empty();
  }

  private boolean has(int field) {
    return nextField() == field;
  }

  private boolean takes(int field, int wireType) {
    return nextTag == (field << 3 | wireType);
  }

  /** Bytes left in the innermost message. */
  private int left() {
    return in.getBytesUntilLimit();
  }

  private void end() throws MalformedMessage {
    if (nextTag != 0) {
      throw new MalformedMessage(
          "field " + nextField(),
          "type " + (nextTag & 7) + " (expected: known, in order, of its type, at most once)");
    }
  }

  private void advance() throws MalformedMessage {
    int from = in.getTotalBytesRead();
    try {
      nextTag = in.readTag();
    } catch (IOException e) {
      throw new MalformedMessage("tag", "malformed (expected: a field)");
    }
    if (nextTag != 0
        && in.getTotalBytesRead() - from != CodedOutputStream.computeUInt32SizeNoTag(nextTag)) {
      throw new MalformedMessage("field " + nextField(), "padded tag (expected: least length)");
    }
  }

  private long varint(String name) throws MalformedMessage {
    int from = in.getTotalBytesRead();
    long value;
    try {
      value = in.readRawVarint64();
    } catch (IOException e) {
      throw new MalformedMessage(name, "malformed varint (expected: 1 to 10 bytes)");
    }
    int length = in.getTotalBytesRead() - from;
    boolean overflows = length == 10 && source[from + 9] != 1;
    if (overflows || length != CodedOutputStream.computeUInt64SizeNoTag(value)) {
      throw new MalformedMessage(name, "padded varint (expected: least length)");
    }
    return value;
  }

  /** A length that the innermost message still holds. */
  private int length(String name) throws MalformedMessage {
    long length = varint(name);
    int left = left();
    if (length < 0 || left >= 0 && length > left) {
      throw new MalformedMessage(
          name, Long.toUnsignedString(length) + " bytes (expected: <= " + left + " left)");
    }
    return (int) length;
  }

  private byte[] array(int field, String name, int min, int max) throws MalformedMessage {
    if (!takes(field, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      if (min > 0) {
        throw new MalformedMessage(name, "absent (expected: " + min + " bytes)");
      }
      return new byte[0];
    }
    int length = length(name);
    if (length < min || length > max || length == 0) {
      String expected =
          min == max ? String.valueOf(min) : (min == 0 ? "none or 1" : min) + " to " + max;
      throw new MalformedMessage(name, length + " bytes (expected: " + expected + ")");
    }
    byte[] array;
    try {
      array = in.readRawBytes(length);
    } catch (IOException e) {
      throw new MalformedMessage(name, "truncated (expected: " + length + " bytes)");
    }
    advance();
    return array;
  }

  private static void room(String name, int size, int max) throws MalformedMessage {
    if (size >= max) {
      throw new MalformedMessage(name, "more than " + max + " (expected: at most that)");
    }
  }

  private static <T> List<T> enough(String name, List<T> list, int min) throws MalformedMessage {
    if (list.size() < min) {
      throw new MalformedMessage(name, list.size() + " of them (expected: at least " + min + ")");
    }
    return list;
  }
}
