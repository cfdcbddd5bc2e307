package io.tallystick.config;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.util.Map;

/**
 * A node's effective configuration: every value, given or by default.
 *
 * @param yaml all of it, as a file that reads back to the same
 * @param hash SHA-256 over the genesis hash and all values but those that are a node's own by
 *     nature (id, paths, addresses): alike on nodes that are configured alike, so that drift shows
 */
public record Effective(String yaml, Digest hash) {

  static Effective of(YamlSection root, Genesis genesis) {
    StringBuilder all = new StringBuilder();
    StringBuilder shared = new StringBuilder(genesis.hash() + "\n");
    append(root, "", true, all);
    append(root, "", false, shared);
    return new Effective(all.toString(), Digest.sha256(Bytes.utf8(shared.toString())));
  }

  private static void append(YamlSection section, String indent, boolean own, StringBuilder out) {
    for (Map.Entry<String, YamlSection.Value> entry : section.effective().entrySet()) {
      YamlSection.Value value = entry.getValue();
      if (value.own() && !own) {
        continue;
      }
      switch (value.value()) {
        case YamlSection inner -> {
          StringBuilder members = new StringBuilder();
          append(inner, indent + "  ", own, members);
          if (!members.isEmpty()) {
            out.append(indent).append(entry.getKey()).append(":\n").append(members);
          }
        }
        case String text -> {
          if (!text.isEmpty()) {
            out.append(indent).append(entry.getKey()).append(": ");
            CanonicalJson.quote(text, out);
            out.append('\n');
          }
        }
        default ->
            out.append(indent)
                .append(entry.getKey())
                .append(": ")
                .append(value.value())
                .append('\n');
      }
    }
  }
}
