package io.tallystick.ledger.cli;

import io.tallystick.config.Address;

/** The texts of the node files that {@code init} writes: short, with what a person may change. */
final class NodeFiles {
  private static final String HEAD =
      """
      # Every other value has a default; see them all with: tally config show THIS-FILE
      """;

  private NodeFiles() {}

  static String replica(int id, String genesis, Address listen, Address admin) {
    return "kind: replica\n"
        + (id < 0 ? "" : "id: " + id + "\n")
        + "genesis: "
        + genesis
        + "\n"
        + "listen: \""
        + listen
        + "\"\n"
        + "admin_address: \""
        + admin
        + "\"          # metrics and health\n"
        + HEAD;
  }

  static String gateway(String genesis, Address listen) {
    return "kind: gateway\n"
        + "genesis: "
        + genesis
        + "\n"
        + "listen: \""
        + listen
        + "\"\n"
        + "client_key: client.pem       # signs what is appended\n"
        + "token_key: token.pem         # signs callers' tokens: tally token\n"
        + HEAD;
  }

  static String client(String genesis, String principal) {
    return "kind: client\n"
        + "genesis: "
        + genesis
        + "\n"
        + "client_key: client.pem\n"
        + "principal: \""
        + principal
        + "\"\n";
  }
}
