package io.tallystick.ledger.entry;

import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.Rfc6962;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * An entry's envelope: the content of its leaf in the ledger's tree (formats page, "What Tallystick
 * emits", 1). Its bytes are canonical JSON; every value of this type can be written, and is read
 * back from nothing but those bytes.
 *
 * @param client the first 8 bytes of SHA-256 of the client's key, in hex
 * @param commitment SHA-256 of salt and payload
 * @param contentType media type of the payload
 * @param id the request's id
 * @param kind whose entry it is; {@code SYSTEM} just in the stream {@code _system}
 * @param length of the payload in bytes
 * @param principal the caller for whom the client spoke
 * @param stream where it belongs
 * @param streamIndex its number within the stream, from 0 without gaps
 * @param timeMicros the ledger time of its batch, in microseconds since 1970
 */
public record Envelope(
    String client,
    Digest commitment,
    String contentType,
    RequestId id,
    EntryKind kind,
    long length,
    String principal,
    String stream,
    long streamIndex,
    long timeMicros) {

  /** A leaf is never longer, in bytes (C2SP tlog-tiles). */
  public static final int BYTES_MAX = 0xffff;

  private static final int CLIENT_DIGITS = 16;
  private static final byte[] CLIENT = ascii("{\"client\":\"");
  private static final byte[] COMMITMENT = ascii("\",\"commitment\":\"");
  private static final byte[] CONTENT_TYPE = ascii("\",\"content_type\":\"");
  private static final byte[] ID = ascii("\",\"id\":\"");
  private static final byte[] KIND = ascii("\",\"kind\":\"");
  private static final byte[] LENGTH = ascii("\",\"length\":\"");
  private static final byte[] PRINCIPAL = ascii("\",\"principal\":\"");
  private static final byte[] STREAM = ascii("\",\"stream\":\"");
  private static final byte[] STREAM_INDEX = ascii("\",\"stream_index\":\"");
  private static final byte[] TIME = ascii("\",\"time\":\"");
  private static final byte[] END = ascii("\",\"v\":1}");

  /**
   * Checks every member.
   *
   * @throws MalformedEntryException when one is out of its range
   */
  public Envelope {
    require(isHex(client, CLIENT_DIGITS), "client", client, "16 lowercase hex digits");
    require(
        Names.isContentType(contentType), "content type", contentType, "1 to 255 ASCII characters");
    require(length >= 0, "length", length, ">= 0");
    require(streamIndex >= 0, "stream index", streamIndex, ">= 0");
    require(
        timeMicros >= 0 && timeMicros <= LedgerTime.MICROS_MAX,
        "ledger time",
        timeMicros,
        "0 to " + LedgerTime.MICROS_MAX);
    if (kind == EntryKind.SYSTEM) {
      require(stream.equals(Names.SYSTEM), "stream", stream, Names.SYSTEM);
      require(principal.equals(Names.SYSTEM), "principal", principal, Names.SYSTEM);
      require(contentType.equals(Names.JSON), "content type", contentType, Names.JSON);
    } else {
      require(Names.isStream(stream), "stream", stream, "[a-z0-9][a-z0-9._-]{0,127}");
      require(
          Names.isPrincipal(principal),
          "principal",
          principal,
          "1 to 255 bytes of UTF-8 without control characters");
    }
  }

  /** The leaf: canonical JSON, at most a few KiB with the bounds of {@link Names}. */
  public Bytes encode() {
    return new EnvelopeWriter(320 + contentType.length() + principal.length() + stream.length())
        .raw(CLIENT)
        .ascii(client)
        .raw(COMMITMENT)
        .raw(Base64.getEncoder().encode(commitment.unsafeArray()))
        .raw(CONTENT_TYPE)
        .string(contentType)
        .raw(ID)
        .ascii(id.toString())
        .raw(KIND)
        .ascii(kind.text())
        .raw(LENGTH)
        .decimal(length)
        .raw(PRINCIPAL)
        .string(principal)
        .raw(STREAM)
        .ascii(stream)
        .raw(STREAM_INDEX)
        .decimal(streamIndex)
        .raw(TIME)
        .time(timeMicros)
        .raw(END)
        .toBytes();
  }

  /**
   * Reads a leaf.
   *
   * @throws MalformedEntryException unless it is, byte for byte, what {@link #encode} writes
   */
  public static Envelope parse(Bytes leaf) {
    if (leaf.size() > BYTES_MAX) {
      throw new MalformedEntryException("envelope", leaf.size() + " bytes", "<= " + BYTES_MAX);
    }
    EnvelopeScanner scanner = new EnvelopeScanner(leaf);
    String client = member(scanner, CLIENT);
    Digest commitment = commitment(member(scanner, COMMITMENT));
    String contentType = member(scanner, CONTENT_TYPE);
    RequestId id = id(member(scanner, ID));
    EntryKind kind = kind(member(scanner, KIND));
    long length = decimal("length", member(scanner, LENGTH));
    String principal = member(scanner, PRINCIPAL);
    String stream = member(scanner, STREAM);
    long streamIndex = decimal("stream index", member(scanner, STREAM_INDEX));
    long timeMicros = LedgerTime.parse(member(scanner, TIME));
    scanner.expect(END);
    scanner.end();
    Envelope envelope =
        new Envelope(
            client,
            commitment,
            contentType,
            id,
            kind,
            length,
            principal,
            stream,
            streamIndex,
            timeMicros);
    require(envelope.encode().equals(leaf), "envelope", "another spelling", "canonical JSON");
    return envelope;
  }

  /** The hash of a leaf in the ledger's tree. */
  public static Digest leafHash(Bytes leaf) {
    return Rfc6962.leafHash(leaf);
  }

  /**
   * Whether a leaf that is an envelope bears this commitment; much cheaper than parsing, since it
   * stands at one place in all of them.
   */
  public static boolean commits(Bytes leaf, Digest commitment) {
    int at = CLIENT.length + CLIENT_DIGITS + COMMITMENT.length;
    byte[] expected = Base64.getEncoder().encode(commitment.unsafeArray());
    return leaf.size() > at + expected.length
        && Arrays.equals(
            leaf.unsafeArray(), at, at + expected.length, expected, 0, expected.length);
  }

  private static String member(EnvelopeScanner scanner, byte[] name) {
    scanner.expect(name);
    return scanner.string();
  }

  private static Digest commitment(String base64) {
    require(base64.length() == 44, "commitment", base64, "base64 of 32 bytes");
    try {
      return Digest.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw caused(new MalformedEntryException("commitment", base64, "base64 of 32 bytes"), e);
    }
  }

  private static RequestId id(String hex) {
    require(isHex(hex, 2 * RequestId.LENGTH), "id", hex, "32 lowercase hex digits");
    return RequestId.fromHex(hex);
  }

  private static EntryKind kind(String text) {
    return EntryKind.of(text)
        .orElseThrow(() -> new MalformedEntryException("kind", text, "event or system"));
  }

  private static long decimal(String what, String digits) {
    boolean shaped = !digits.isEmpty() && digits.length() <= 19;
    for (int i = 0; shaped && i < digits.length(); i++) {
      shaped = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    require(shaped, what, digits, "a decimal number");
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw caused(new MalformedEntryException(what, digits, "<= " + Long.MAX_VALUE), e);
    }
  }

  private static boolean isHex(String text, int digits) {
    if (text.length() != digits) {
      return false;
    }
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static void require(boolean right, String what, Object found, String expected) {
    if (!right) {
      throw new MalformedEntryException(what, found, expected);
    }
  }

  private static MalformedEntryException caused(MalformedEntryException malformed, Exception by) {
    malformed.initCause(by);
    return malformed;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
