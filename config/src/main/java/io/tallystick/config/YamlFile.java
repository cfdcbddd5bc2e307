package io.tallystick.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 into nodes that know their lines. Only mappings and scalars are used; anchors,
 * aliases and keys given twice are refused.
 */
final class YamlFile {
  private static final int BYTES_MAX = 1 << 18;

  private YamlFile() {}

  static YamlSection read(Path file) throws ConfigException {
    String text;
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new ConfigException(file, 0, "over " + BYTES_MAX + " bytes (expected: a node file)");
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(file, 0, "can't be read (" + Genesis.reason(e) + ")");
    }
    return parse(file, text);
  }

  static YamlSection parse(Path file, String text) throws ConfigException {
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setCodePointLimit(BYTES_MAX)
            .setMaxAliasesForCollections(1)
            .setUseMarks(true)
            .build();
    Optional<Node> root;
    try {
      root = new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw new ConfigException(file, line, e.getProblem() + " (expected: YAML)");
    } catch (YamlEngineException e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("bad syntax");
      throw new ConfigException(file, 0, first + " (expected: YAML, one document)");
    }
    if (root.isEmpty() || !(root.get() instanceof MappingNode mapping)) {
      throw new ConfigException(file, 1, "no keys and values (expected: a mapping)");
    }
    return new YamlSection(file, "", mapping);
  }

  static void members(
      Path file,
      String path,
      MappingNode mapping,
      Map<String, Node> nodes,
      Map<String, Integer> lines)
      throws ConfigException {
    for (NodeTuple tuple : mapping.getValue()) {
      int line = line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new ConfigException(file, line, path + ": a key that isn't a word");
      }
      String name = key.getValue();
      if (tuple.getValueNode().getAnchor().isPresent() || key.getAnchor().isPresent()) {
        throw new ConfigException(file, line, name + ": an anchor (expected: plain values)");
      }
      if (nodes.putIfAbsent(name, tuple.getValueNode()) != null) {
        throw new ConfigException(file, line, name + ": given twice (expected: once)");
      }
      lines.put(name, line);
    }
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
