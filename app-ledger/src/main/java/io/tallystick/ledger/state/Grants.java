package io.tallystick.ledger.state;

import io.tallystick.bft.message.Request;
import io.tallystick.config.GrantSpec;
import io.tallystick.config.GrantSpec.Role;
import io.tallystick.crypto.PublicKey;
import io.tallystick.ledger.entry.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may do what, by ledger time. So far these are the grants of genesis; a grant's rate is for
 * admission to keep, execution doesn't count. Immutable.
 */
final class Grants {
  private final Map<PublicKey, List<GrantSpec>> byClient = new HashMap<>();

  Grants(List<GrantSpec> grants) {
    for (GrantSpec grant : grants) {
      byClient.computeIfAbsent(grant.client(), key -> new ArrayList<>()).add(grant);
    }
  }

  /** Whether {@code client} may make this request at that ledger time. */
  boolean allow(PublicKey client, Request request, long timeMicros) {
    if (!Names.isPrincipal(request.principal())) {
      return false;
    }
    for (GrantSpec grant : byClient.getOrDefault(client, List.of())) {
      boolean allowed =
          switch (request.kind()) {
            case APPEND ->
                Names.isStream(request.stream())
                    && grant.allows(Role.APPEND, request.principal(), request.stream(), timeMicros);
            case ADMIN, ERASE -> allows(grant, Role.ADMIN, request, timeMicros);
            case BARRIER ->
                allows(grant, Role.READ, request, timeMicros)
                    || allows(grant, Role.APPEND, request, timeMicros);
          };
      if (allowed) {
        return true;
      }
    }
    return false;
  }

  /** A request that belongs to no stream needs the role on any. */
  private static boolean allows(GrantSpec grant, Role role, Request request, long timeMicros) {
    String anyOfItsStreams = grant.streams().getFirst().text();
    return grant.allows(role, request.principal(), anyOfItsStreams, timeMicros);
  }
}
