package io.tallystick.config;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;
import io.tallystick.crypto.StatementWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Bearer tokens of a gateway's callers: what the caller may do, signed with the gateway's token
 * key, so that a gateway needs no table of them. The text is two base64url words with a dot between
 * them: canonical JSON, and an Ed25519 signature over it in the context {@code token}.
 *
 * <p>Whoever holds the text may do what it says, until it expires: it belongs in a file that others
 * can't read.
 */
public final class Token {
  /** Longest token that is looked at, in characters. */
  public static final int TEXT_MAX = 8_192;

  private static final int PRINCIPAL_BYTES_MAX = 255;

  private Token() {}

  /** What a token lets its bearer do. */
  public enum Scope {
    /** Append entries. */
    APPEND,
    /** Read entries, payloads, streams, and the state of the cluster. */
    READ,
    /** Submit orders that administrators signed. */
    ORDERS;

    /** As written in tokens. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException whose message says what would be right
     */
    public static Scope parse(String text) {
      for (Scope scope : values()) {
        if (scope.text().equals(text)) {
          return scope;
        }
      }
      throw new IllegalArgumentException(
          "scope \"" + text + "\" (expected: append, read or orders)");
    }
  }

  /**
   * What a token says.
   *
   * @param principal the name that its bearer's entries carry; 1 to 255 bytes of UTF-8
   * @param scopes at least one
   * @param streams which streams they hold for
   * @param expiresMicros first moment at which it no longer holds, by the gateway's clock
   */
  public record Claims(
      String principal, Set<Scope> scopes, List<NamePattern> streams, long expiresMicros) {

    /**
     * @throws IllegalArgumentException when a part is empty or the principal isn't one
     */
    public Claims {
      if (scopes.isEmpty() || streams.isEmpty() || streams.size() > GrantSpec.PATTERNS_MAX) {
        throw new IllegalArgumentException(
            "token: " + scopes.size() + " scopes, " + streams.size() + " streams (expected: 1 up)");
      }
      int length = Bytes.utf8(principal).size();
      if (length < 1
          || length > PRINCIPAL_BYTES_MAX
          || principal.chars().anyMatch(Character::isISOControl)
          || principal.equals("_system")) {
        throw new IllegalArgumentException(
            "principal of "
                + length
                + " bytes (expected: 1 to 255 bytes without control characters, not _system)");
      }
      scopes = Collections.unmodifiableSet(EnumSet.copyOf(scopes));
      streams = List.copyOf(streams);
    }

    /** Whether the bearer may do this on {@code stream}. */
    public boolean allows(Scope scope, String stream) {
      return scopes.contains(scope) && streams.stream().anyMatch(p -> p.matches(stream));
    }

    JsonObject toJson() {
      return new JsonObject()
          .put("v", 1)
          .put("principal", principal)
          .put("scopes", scopes.stream().map(Scope::text).toList())
          .put("streams", streams.stream().map(NamePattern::text).toList())
          .put("expires", Rfc3339.format(expiresMicros));
    }

    static Claims of(JsonObject json) throws JsonException {
      json.allow("expires", "principal", "scopes", "streams", "v");
      json.whole("v", 1, 1);
      try {
        List<Scope> scopes = new ArrayList<>();
        for (String scope : json.texts("scopes")) {
          scopes.add(Scope.parse(scope));
        }
        return new Claims(
            json.text("principal"),
            Set.copyOf(scopes),
            GrantSpec.patterns(json, "streams"),
            Rfc3339.parse(json.text("expires")));
      } catch (IllegalArgumentException e) {
        throw json.unfit("", String.valueOf(e.getMessage()));
      }
    }
  }

  /** Whether a token holds. */
  public sealed interface Verdict {
    /** It does, and says this. */
    record Valid(Claims claims) implements Verdict {}

    /** It doesn't. */
    record Refused(Reason reason) implements Verdict {}
  }

  /** Why a token doesn't hold. */
  public enum Reason {
    /** It isn't a token at all. */
    MALFORMED("not a token of this kind"),
    /** Another key signed it, or nobody did. */
    BAD_SIGNATURE("not signed by this gateway's token key"),
    /** Its time is over. */
    EXPIRED("expired");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** The same for a person. */
    public String text() {
      return text;
    }
  }

  /** Makes a token. */
  public static String issue(PrivateKey key, Claims claims) {
    Bytes payload = CanonicalJson.write(claims.toJson());
    Signature signature = Ed25519.sign(key, signedBytes(payload));
    return encode(payload) + "." + encode(signature.encoded());
  }

  /**
   * Judges a token.
   *
   * @param key the public half of the gateway's token key
   * @param nowMicros the gateway's wall clock, microseconds since 1970
   */
  public static Verdict verify(PublicKey key, String text, long nowMicros) {
    int dot = text.indexOf('.');
    if (text.length() > TEXT_MAX || dot < 0) {
      return new Verdict.Refused(Reason.MALFORMED);
    }
    Bytes payload;
    Bytes signature;
    try {
      payload = decode(text.substring(0, dot));
      signature = decode(text.substring(dot + 1));
    } catch (IllegalArgumentException e) {
      return new Verdict.Refused(Reason.MALFORMED);
    }
    if (signature.size() != Signature.LENGTH) {
      return new Verdict.Refused(Reason.MALFORMED);
    }
    if (!Ed25519.verify(key, signedBytes(payload), new Signature(signature))) {
      return new Verdict.Refused(Reason.BAD_SIGNATURE);
    }
    try {
      Claims claims = Claims.of(CanonicalJson.parseCanonical(payload, TEXT_MAX));
      return nowMicros < claims.expiresMicros()
          ? new Verdict.Valid(claims)
          : new Verdict.Refused(Reason.EXPIRED);
    } catch (JsonException e) {
      return new Verdict.Refused(Reason.MALFORMED);
    }
  }

  private static byte[] signedBytes(Bytes payload) {
    return StatementWriter.context("token").raw(payload).toArray();
  }

  private static String encode(Bytes bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.unsafeArray());
  }

  private static Bytes decode(String text) {
    Bytes bytes = Bytes.wrap(Base64.getUrlDecoder().decode(text));
    if (!encode(bytes).equals(text)) {
      throw new IllegalArgumentException("token: not canonical base64url");
    }
    return bytes;
  }
}
