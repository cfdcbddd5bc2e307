package io.tallystick.ledger.gateway;

import io.tallystick.bft.message.RequestId;
import io.tallystick.config.JsonObject;
import io.tallystick.ledger.entry.LedgerTime;

/** How an append is answered. */
sealed interface Appended {

  /**
   * It is in the ledger.
   *
   * @param repeated whether an earlier request made the entry
   */
  record Recorded(long index, JsonObject receipt, boolean repeated) implements Appended {
    int status() {
      return repeated ? 200 : 201;
    }
  }

  /** Nobody can tell yet: the link resolves it. */
  record Unknown(RequestId id, long deadlineMicros) implements Appended {
    /** Where to ask how it ended. */
    String link() {
      return "/v1/requests/" + id + "?deadline=" + LedgerTime.format(deadlineMicros);
    }

    JsonObject json() {
      return new JsonObject()
          .put("state", "pending")
          .put("id", id.toString())
          .put("deadline", LedgerTime.format(deadlineMicros))
          .put("request", link());
    }
  }

  /** It isn't done. */
  record Refused(Problem problem) implements Appended {}
}
