package io.tallystick.config;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.PublicKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one client key may do: in genesis, and as the body of a grant order. Judged by ledger time.
 *
 * @param key the client
 * @param roles at least one
 * @param principals the callers it may speak for
 * @param streams the streams it may name
 * @param notBeforeMicros first moment of ledger time at which it holds; empty: always did
 * @param notAfterMicros last such moment; empty: no end
 * @param rate most requests a second, an admission limit; empty: the node's own limits alone
 */
public record GrantSpec(
    PublicKey key,
    Set<Role> roles,
    List<NamePattern> principals,
    List<NamePattern> streams,
    OptionalLong notBeforeMicros,
    OptionalLong notAfterMicros,
    OptionalLong rate) {

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

  /** Copies the collections. */
  public GrantSpec {
    roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    principals = List.copyOf(principals);
    streams = List.copyOf(streams);
  }

  /** A grant over all principals and streams, without an end. */
  public static GrantSpec everything(PublicKey key, Role first, Role... more) {
    List<NamePattern> all = List.of(new NamePattern("*"));
    return new GrantSpec(
        key,
        EnumSet.of(first, more),
        all,
        all,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** Whether it lets its client act in {@code role} for {@code principal} on {@code stream}. */
  public boolean allows(Role role, String principal, String stream, long ledgerTimeMicros) {
    return roles.contains(role)
        && (notBeforeMicros.isEmpty() || ledgerTimeMicros >= notBeforeMicros.getAsLong())
        && (notAfterMicros.isEmpty() || ledgerTimeMicros <= notAfterMicros.getAsLong())
        && principals.stream().anyMatch(pattern -> pattern.matches(principal))
        && streams.stream().anyMatch(pattern -> pattern.matches(stream));
  }

  /** Reads a grant; unknown members are refused. */
  public static GrantSpec of(JsonObject json) throws JsonException {
    json.allow("key", "not_after", "not_before", "principals", "rate", "roles", "streams");
    OptionalLong notBefore = time(json, "not_before");
    OptionalLong notAfter = time(json, "not_after");
    if (notBefore.isPresent()
        && notAfter.isPresent()
        && notBefore.getAsLong() > notAfter.getAsLong()) {
      throw json.unfit("not_after", "before not_before (expected: at or after it)");
    }
    OptionalLong rate = OptionalLong.empty();
    if (json.has("rate")) {
      rate = OptionalLong.of(json.decimal("rate"));
      if (rate.getAsLong() < 1 || rate.getAsLong() > RATE_MAX) {
        throw json.unfit("rate", rate.getAsLong() + " (expected: 1 to " + RATE_MAX + ")");
      }
    }
    return new GrantSpec(
        key(json, "key"),
        roles(json),
        patterns(json, "principals"),
        patterns(json, "streams"),
        notBefore,
        notAfter,
        rate);
  }

  /** The document form. */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("key", key.encoded().toHex())
            .put("roles", roles.stream().map(Role::text).toList())
            .put("principals", principals.stream().map(NamePattern::text).toList())
            .put("streams", streams.stream().map(NamePattern::text).toList());
    notBeforeMicros.ifPresent(micros -> json.put("not_before", Rfc3339.format(micros)));
    notAfterMicros.ifPresent(micros -> json.put("not_after", Rfc3339.format(micros)));
    rate.ifPresent(requests -> json.put("rate", Long.toString(requests)));
    return json;
  }

  private static Set<Role> roles(JsonObject json) throws JsonException {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    for (String text : json.texts("roles")) {
      Role role = null;
      for (Role candidate : Role.values()) {
        if (candidate.text().equals(text)) {
          role = candidate;
        }
      }
      if (role == null || !roles.add(role)) {
        throw json.unfit(
            "roles", "\"" + text + "\" (expected: append, read, observe or admin, each once)");
      }
    }
    if (roles.isEmpty()) {
      throw json.unfit("roles", "empty (expected: append, read, observe or admin)");
    }
    return roles;
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

  static OptionalLong time(JsonObject json, String key) throws JsonException {
    if (!json.has(key)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Rfc3339.parse(json.text(key)));
    } catch (IllegalArgumentException e) {
      throw json.unfit(key, String.valueOf(e.getMessage()));
    }
  }

  static PublicKey key(JsonObject json, String key) throws JsonException {
    String text = json.text(key);
    if (!text.matches("[0-9a-f]{64}")) {
      throw json.unfit(key, "\"" + text + "\" (expected: 64 lowercase hex digits)");
    }
    return new PublicKey(Bytes.fromHex(text));
  }
}
