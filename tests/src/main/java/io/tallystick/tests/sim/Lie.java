package io.tallystick.tests.sim;

import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.PeerMessage;

/**
 * One way in which a liar departs from the protocol. His engine is the real one; a lie changes what
 * leaves it, what reaches it, or adds words of its own. Several make a chain.
 */
interface Lie {
  /** Takes what the liar says on. */
  @FunctionalInterface
  interface Sink {
    void send(int to, PeerMessage message);
  }

  /** His engine says something; by default it is said. */
  default void sends(int to, PeerMessage message, Sink out) {
    out.send(to, message);
  }

  /** Something arrives; whether his engine learns of it. */
  default boolean hears(int from, PeerMessage message, Sink out) {
    return true;
  }

  /** A client asks; whether his engine learns of it. */
  default boolean hears(int client, Ask ask) {
    return true;
  }

  /** What a client is told instead. */
  default Answer tells(Answer answer) {
    return answer;
  }

  /** Every now and then. */
  default void tick(Sink out) {}
}
