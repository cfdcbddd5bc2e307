package io.tallystick.config;

import static java.util.Objects.requireNonNull;

import io.tallystick.crypto.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A JSON object whose members are strings, integers, booleans, null, objects and arrays of these.
 *
 * <p>Members are sorted as RFC 8785 sorts them (by UTF-16 code units). One that was parsed knows
 * where each member stood, so that whoever finds a value unfit can say where: see {@link #unfit}.
 * Built on one thread; safe to read from any thread once nobody changes it.
 */
public final class JsonObject {
  /** Stands for {@code null}. */
  public enum Null {
    NULL
  }

  private final TreeMap<String, Object> members = new TreeMap<>();
  private final Map<String, Integer> offsets = new HashMap<>();
  private final Bytes source;
  private final String path;
  private final int offset;

  /** An object without members. */
  public JsonObject() {
    this(Bytes.EMPTY, "", 0);
  }

  JsonObject(Bytes source, String path, int offset) {
    this.source = source;
    this.path = path;
    this.offset = offset;
  }

  /** Adds or replaces a string. */
  public JsonObject put(String key, String value) {
    members.put(key, requireNonNull(value, key));
    return this;
  }

  /** Adds or replaces an integer; beyond ±(2^53 − 1) use a string. */
  public JsonObject put(String key, long value) {
    members.put(key, value);
    return this;
  }

  /** Adds or replaces a boolean. */
  public JsonObject put(String key, boolean value) {
    members.put(key, value);
    return this;
  }

  /** Adds or replaces an object. */
  public JsonObject put(String key, JsonObject value) {
    members.put(key, requireNonNull(value, key));
    return this;
  }

  /** Adds or replaces an array of what may be a member. */
  public JsonObject put(String key, List<?> values) {
    List<Object> copy = new ArrayList<>(values.size());
    for (Object value : values) {
      copy.add(value instanceof Integer number ? (Object) number.longValue() : value);
    }
    members.put(key, List.copyOf(copy));
    return this;
  }

  /** Adds or replaces a null. */
  public JsonObject putNull(String key) {
    members.put(key, Null.NULL);
    return this;
  }

  void parsed(String key, Object value, int at) {
    members.put(key, value);
    offsets.put(key, at);
  }

  /** Whether there is such a member. */
  public boolean has(String key) {
    return members.containsKey(key);
  }

  /** The members, sorted; values are String, Long, Boolean, {@link Null}, JsonObject or List. */
  public SortedMap<String, Object> members() {
    return Collections.unmodifiableSortedMap(members);
  }

  /** Refuses members other than these. */
  public void allow(String... keys) throws JsonException {
    Set<String> known = new HashSet<>(List.of(keys));
    for (String key : members.keySet()) {
      if (!known.contains(key)) {
        throw unfit(key, "unknown key (expected: one of " + String.join(", ", keys) + ")");
      }
    }
  }

  /** A string member. */
  public String text(String key) throws JsonException {
    return as(key, String.class, "a string");
  }

  /** A string member, when present. */
  public Optional<String> optionalText(String key) throws JsonException {
    return has(key) ? Optional.of(text(key)) : Optional.empty();
  }

  /** An integer member from {@code min} to {@code max}. */
  public long whole(String key, long min, long max) throws JsonException {
    long value = as(key, Long.class, "an integer");
    if (value < min || value > max) {
      throw unfit(key, value + " (expected: " + min + " to " + max + ")");
    }
    return value;
  }

  /** A string member that is an unsigned decimal number below 2^63 without leading zeros. */
  public long decimal(String key) throws JsonException {
    String text = text(key);
    if (!text.matches("0|[1-9][0-9]{0,18}") || (text.length() == 19 && overflows(text))) {
      throw unfit(key, "\"" + text + "\" (expected: a decimal number as a string, 0 to 2^63 - 1)");
    }
    return Long.parseLong(text);
  }

  private static boolean overflows(String nineteenDigits) {
    return nineteenDigits.compareTo(Long.toString(Long.MAX_VALUE)) > 0;
  }

  /** A boolean member. */
  public boolean bool(String key) throws JsonException {
    return as(key, Boolean.class, "true or false");
  }

  /** An object member. */
  public JsonObject object(String key) throws JsonException {
    return as(key, JsonObject.class, "an object");
  }

  /** An array member, all of strings. */
  public List<String> texts(String key) throws JsonException {
    return all(key, String.class, "strings");
  }

  /** An array member, all of objects. */
  public List<JsonObject> objects(String key) throws JsonException {
    return all(key, JsonObject.class, "objects");
  }

  private <T> List<T> all(String key, Class<T> type, String expected) throws JsonException {
    List<?> values = as(key, List.class, "an array of " + expected);
    List<T> result = new ArrayList<>(values.size());
    for (Object value : values) {
      if (!type.isInstance(value)) {
        throw unfit(key, "an array with " + kind(value) + " (expected: " + expected + " only)");
      }
      result.add(type.cast(value));
    }
    return List.copyOf(result);
  }

  private <T> T as(String key, Class<T> type, String expected) throws JsonException {
    Object value = members.get(key);
    if (value == null) {
      throw unfit(key, "missing (expected: " + expected + ")");
    }
    if (!type.isInstance(value)) {
      throw unfit(key, kind(value) + " (expected: " + expected + ")");
    }
    return type.cast(value);
  }

  private static String kind(Object value) {
    return switch (value) {
      case String text -> "a string";
      case Long number -> "an integer";
      case Boolean bool -> "a boolean";
      case List<?> list -> "an array";
      case JsonObject object -> "an object";
      default -> "null";
    };
  }

  /** Says that a member (or its lack) is unfit; {@code problem} says why, and what would be fit. */
  public JsonException unfit(String key, String problem) {
    int at = offsets.getOrDefault(key, offset);
    String where = path.isEmpty() ? key : key.isEmpty() ? path : path + "." + key;
    return new JsonException(where, CanonicalJson.line(source, at), at, problem);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonObject object && members.equals(object.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  /** The canonical form. */
  @Override
  public String toString() {
    return CanonicalJson.text(this);
  }
}
