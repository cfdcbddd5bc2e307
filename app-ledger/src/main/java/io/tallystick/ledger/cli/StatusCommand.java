package io.tallystick.ledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tally status}: how the replicas stand. */
@Command(name = "status", description = "Shows how the replicas stand, as a gateway sees them.")
final class StatusCommand extends CommandBase {
  @Mixin private GatewayOptions gateway;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    try (GatewayHttp http = gateway.connect()) {
      JsonNode cluster = http.fetch("v1/cluster").json();
      if (json.enabled) {
        out().println(cluster);
      } else {
        print(cluster);
      }
    }
    return ExitStatus.DONE;
  }

  private void print(JsonNode cluster) {
    int primary = cluster.path("primary").asInt(-1);
    out()
        .println(
            "epoch "
                + cluster.path("epoch").asText("?")
                + "  view "
                + cluster.path("view").asText("?")
                + "  primary "
                + (primary < 0 ? "?" : primary));
    out().println();
    Table table = new Table("id", "state", "view", "executed", "stable", "size", "root", "version");
    for (JsonNode replica : cluster.path("replicas")) {
      boolean reachable = replica.path("reachable").asBoolean();
      table.row(
          replica.path("id").asText(),
          !reachable ? "unreachable" : replica.path("id").asInt() == primary ? "primary" : "backup",
          cell(replica, "view"),
          cell(replica, "executed"),
          cell(replica, "stable"),
          cell(replica, "size"),
          cell(replica, "root"),
          cell(replica, "version"));
    }
    table.print(out());
  }

  private static String cell(JsonNode replica, String member) {
    String text = replica.path(member).asText("");
    if (text.isEmpty() || text.equals("null")) {
      return "-";
    }
    return member.equals("root") && text.length() > 12 ? text.substring(0, 12) + "…" : text;
  }
}
