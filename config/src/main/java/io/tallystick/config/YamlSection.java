package io.tallystick.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of a node file, read key by key with defaults. It remembers what was asked for: what
 * nobody asked for is unknown, and refused; what was answered, defaults too, is the effective
 * configuration.
 */
final class YamlSection {
  private final Path file;
  private final String path;
  private final int line;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Map<String, Value> effective = new LinkedHashMap<>();

  /**
   * An effective value.
   *
   * @param value a String, Long, Boolean, or YamlSection
   * @param own whether it is this node's own by nature (a path, an address): left out of the hash
   *     that is compared between nodes
   */
  record Value(Object value, boolean own) {}

  YamlSection(Path file, String path, @Nullable MappingNode node) throws ConfigException {
    this.file = file;
    this.path = path;
    this.line = node == null ? 0 : YamlFile.line(node);
    if (node != null) {
      YamlFile.members(file, path, node, nodes, lines);
    }
  }

  Map<String, Value> effective() {
    return effective;
  }

  boolean has(String key) {
    return nodes.containsKey(key);
  }

  String text(String key) throws ConfigException {
    return optionalText(key).orElseThrow(() -> unfit(key, "missing (expected: a string)"));
  }

  String text(String key, String otherwise) throws ConfigException {
    String value = optionalText(key).orElse(otherwise);
    effective.put(key, new Value(value, false));
    return value;
  }

  Optional<String> optionalText(String key) throws ConfigException {
    Optional<ScalarNode> node = scalar(key, "a string");
    if (node.isEmpty()) {
      effective.put(key, new Value("", false));
      return Optional.empty();
    }
    if (!node.get().getTag().equals(Tag.STR)) {
      throw unfit(key, node.get().getValue() + " (expected: a string)");
    }
    effective.put(key, new Value(node.get().getValue(), false));
    return Optional.of(node.get().getValue());
  }

  /** A file or directory; relative to the one that the node file is in. */
  Path path(String key, @Nullable String otherwise) throws ConfigException {
    Optional<String> text = optionalText(key);
    if (text.isEmpty() && otherwise == null) {
      throw unfit(key, "missing (expected: a path)");
    }
    String value = text.isPresent() ? text.get() : String.valueOf(otherwise);
    effective.put(key, new Value(value, true));
    return file.toAbsolutePath().resolveSibling(value).normalize();
  }

  Optional<Path> optionalPath(String key) throws ConfigException {
    if (!has(key)) {
      effective.put(key, new Value("", true));
      return Optional.empty();
    }
    return Optional.of(path(key, null));
  }

  long whole(String key, long min, long max, long otherwise) throws ConfigException {
    Optional<ScalarNode> node = scalar(key, "an integer");
    long value = otherwise;
    if (node.isPresent()) {
      String text = node.get().getValue();
      String expected = " (expected: an integer, " + min + " to " + max + ")";
      if (!node.get().getTag().equals(Tag.INT) || !text.matches("-?[0-9]{1,18}")) {
        throw unfit(key, text + expected);
      }
      value = Long.parseLong(text);
      if (value < min || value > max) {
        throw unfit(key, text + expected);
      }
    }
    effective.put(key, new Value(value, false));
    return value;
  }

  long requiredWhole(String key, long min, long max) throws ConfigException {
    if (!has(key)) {
      throw unfit(key, "missing (expected: an integer, " + min + " to " + max + ")");
    }
    return whole(key, min, max, 0);
  }

  /** Sets an effective value that is this node's own by nature. */
  void own(String key, long value) {
    effective.put(key, new Value(value, true));
  }

  boolean bool(String key, boolean otherwise) throws ConfigException {
    Optional<ScalarNode> node = scalar(key, "true or false");
    boolean value = otherwise;
    if (node.isPresent()) {
      if (!node.get().getTag().equals(Tag.BOOL)) {
        throw unfit(key, node.get().getValue() + " (expected: true or false)");
      }
      value = Boolean.parseBoolean(node.get().getValue().toLowerCase(Locale.ROOT));
    }
    effective.put(key, new Value(value, false));
    return value;
  }

  /** One of an enum's constants, written in lower case with dashes. */
  <E extends Enum<E>> E choice(String key, E otherwise) throws ConfigException {
    String text = text(key, dashed(otherwise));
    List<String> all = new ArrayList<>();
    for (E constant : otherwise.getDeclaringClass().getEnumConstants()) {
      if (dashed(constant).equals(text)) {
        return constant;
      }
      all.add(dashed(constant));
    }
    throw unfit(key, text + " (expected: " + String.join(", ", all) + ")");
  }

  private static String dashed(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Address address(String key, @Nullable Address otherwise) throws ConfigException {
    Optional<String> text = optionalText(key);
    Address value = otherwise;
    if (text.isPresent()) {
      try {
        value = Address.parse(text.get());
      } catch (IllegalArgumentException e) {
        throw unfit(key, String.valueOf(e.getMessage()));
      }
    }
    if (value == null) {
      throw unfit(key, "missing (expected: host:port)");
    }
    effective.put(key, new Value(value.toString(), true));
    return value;
  }

  /** A mapping inside this one; empty when it isn't there. */
  YamlSection section(String key) throws ConfigException {
    Node node = nodes.get(key);
    if (node != null && !(node instanceof MappingNode)) {
      throw unfit(key, "not a mapping (expected: keys and values, indented under it)");
    }
    YamlSection inner = new YamlSection(file, dotted(key), (MappingNode) node);
    effective.put(key, new Value(inner, false));
    return inner;
  }

  /** A mapping of replica ids to addresses. */
  Map<Integer, Address> addresses(String key, List<Integer> ids) throws ConfigException {
    YamlSection inner = section(key);
    Map<Integer, Address> addresses = new TreeMap<>();
    for (int id : ids) {
      if (inner.has(Integer.toString(id))) {
        addresses.put(id, inner.address(Integer.toString(id), null));
      }
    }
    inner.done("ids of replicas: " + ids);
    return addresses;
  }

  /** Refuses the keys that nobody asked for. */
  void done() throws ConfigException {
    done("one of " + String.join(", ", effective.keySet()));
  }

  private void done(String expected) throws ConfigException {
    for (String key : nodes.keySet()) {
      if (!effective.containsKey(key)) {
        throw unfit(key, "unknown key (expected: " + expected + ")");
      }
    }
  }

  /** Says that a value (or its lack) is unfit; {@code problem} says why, and what would be fit. */
  ConfigException unfit(String key, String problem) {
    return new ConfigException(file, lines.getOrDefault(key, line), dotted(key) + ": " + problem);
  }

  private String dotted(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private Optional<ScalarNode> scalar(String key, String expected) throws ConfigException {
    Node node = nodes.get(key);
    if (node == null) {
      return Optional.empty();
    }
    if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
      throw unfit(key, "empty, a list or a mapping (expected: " + expected + ")");
    }
    return Optional.of(scalar);
  }
}
