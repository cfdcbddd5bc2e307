package io.tallystick.bft.client;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * Judges an application's appendix: whether it proves, to somebody who trusts {@code head}, that
 * every request with a committed outcome is in the tree at its index. Pure, and bounded by the
 * appendix's size.
 *
 * @param <P> the proof that it makes of it
 */
@FunctionalInterface
public interface AppendixChecker<P> {
  /** The proof, or nothing when the appendix is malformed or proves something else. */
  Optional<P> check(Bundle bundle, List<Outcome> outcomes, TreeHead head, Bytes appendix);
}
