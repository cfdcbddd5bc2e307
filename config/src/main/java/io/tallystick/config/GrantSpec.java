package io.tallystick.config;

import io.tallystick.crypto.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What one client key may do in one role: in genesis, and as the body of a grant order. Judged by
 * ledger time. A client may hold several.
 *
 * @param client the client's key
 * @param principals the callers it may speak for
 * @param streams the streams it may name
 * @param fromMicros first moment of ledger time at which it holds
 * @param untilMicros first such moment at which it doesn't any more
 * @param rate most requests a second, an admission limit
 */
public record GrantSpec(
    PublicKey client,
    Role role,
    List<NamePattern> principals,
    List<NamePattern> streams,
    long fromMicros,
    long untilMicros,
    long rate) {

  /** Most patterns of one kind in one grant. */
  public static final int PATTERNS_MAX = 64;

  /** Largest rate that can be granted. */
  public static final long RATE_MAX = 1_000_000_000L;

  /** What a client may be allowed to do. */
  public enum Role {
    /** Append entries. */
    APPEND,
    /** Read entries and payloads. */
    READ,
    /** Follow the protocol without voting. */
    OBSERVE,
    /** Submit orders of the administrators (whose signatures they bear all the same). */
    ADMIN;

    /** As written in documents. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the lists. */
  public GrantSpec {
    principals = List.copyOf(principals);
    streams = List.copyOf(streams);
  }

  /** One grant for each role: over all principals and streams, at any time, at any rate. */
  public static List<GrantSpec> everything(PublicKey client, Role... roles) {
    List<NamePattern> all = List.of(new NamePattern("*"));
    return Arrays.stream(roles)
        .map(role -> new GrantSpec(client, role, all, all, 0, Rfc3339.MICROS_MAX, RATE_MAX))
        .toList();
  }

  /** Whether it lets its client act in {@code role} for {@code principal} on {@code stream}. */
  public boolean allows(Role wanted, String principal, String stream, long ledgerTimeMicros) {
    return role == wanted
        && ledgerTimeMicros >= fromMicros
        && ledgerTimeMicros < untilMicros
        && principals.stream().anyMatch(pattern -> pattern.matches(principal))
        && streams.stream().anyMatch(pattern -> pattern.matches(stream));
  }

  /** Reads a grant; unknown and missing members are refused. */
  public static GrantSpec of(JsonObject json) throws JsonException {
    json.allow("client", "from", "principals", "rate", "role", "streams", "until");
    long from = time(json, "from");
    long until = time(json, "until");
    if (from >= until) {
      throw json.unfit("until", "not after from (expected: later)");
    }
    long rate = json.decimal("rate");
    if (rate < 1 || rate > RATE_MAX) {
      throw json.unfit("rate", rate + " (expected: 1 to " + RATE_MAX + ")");
    }
    return new GrantSpec(
        key(json, "client"),
        role(json),
        patterns(json, "principals"),
        patterns(json, "streams"),
        from,
        until,
        rate);
  }

  /** The document form. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("client", client.toBase64())
        .put("role", role.text())
        .put("principals", principals.stream().map(NamePattern::text).toList())
        .put("streams", streams.stream().map(NamePattern::text).toList())
        .put("rate", Long.toString(rate))
        .put("from", Rfc3339.format(fromMicros))
        .put("until", Rfc3339.format(untilMicros));
  }

  private static Role role(JsonObject json) throws JsonException {
    String text = json.text("role");
    for (Role role : Role.values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    throw json.unfit("role", "\"" + text + "\" (expected: append, read, observe or admin)");
  }

  static List<NamePattern> patterns(JsonObject json, String key) throws JsonException {
    List<NamePattern> patterns = new ArrayList<>();
    for (String text : json.texts(key)) {
      try {
        patterns.add(new NamePattern(text));
      } catch (IllegalArgumentException e) {
        throw json.unfit(key, String.valueOf(e.getMessage()));
      }
    }
    if (patterns.isEmpty() || patterns.size() > PATTERNS_MAX) {
      throw json.unfit(key, patterns.size() + " patterns (expected: 1 to " + PATTERNS_MAX + ")");
    }
    return patterns;
  }

  static long time(JsonObject json, String key) throws JsonException {
    try {
      return Rfc3339.parse(json.text(key));
    } catch (IllegalArgumentException e) {
      throw json.unfit(key, String.valueOf(e.getMessage()));
    }
  }

  static PublicKey key(JsonObject json, String key) throws JsonException {
    String text = json.text(key);
    try {
      return PublicKey.fromBase64(text);
    } catch (IllegalArgumentException e) {
      throw json.unfit(key, "\"" + text + "\" (expected: 32 bytes in base64)");
    }
  }
}
