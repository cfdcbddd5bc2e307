package io.tallystick.tests.sim;

import io.tallystick.bft.message.Batch;
import io.tallystick.crypto.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all liars of a run have agreed upon: who is told which of two stories. */
final class Conspiracy {
  private static final int STORIES_MAX = 4_096;

  private final boolean[] otherSide;
  private final Map<Digest, Batch> others = new LinkedHashMap<>();

  Conspiracy(Cluster cluster) {
    Dice dice = cluster.dice("conspiracy");
    otherSide = new boolean[cluster.setting().n()];
    int told = 0;
    int correct = 0;
    for (int i = 0; i < otherSide.length; i++) {
      if (cluster.isCorrect(i)) {
        correct++;
        otherSide[i] = dice.below(2) == 0;
        told += otherSide[i] ? 1 : 0;
      }
    }
    for (int i = 0; i < otherSide.length && (told == 0 || told == correct); i++) {
      if (cluster.isCorrect(i)) {
        otherSide[i] = !otherSide[i];
        told = 1;
      }
    }
  }

  /** Whether that one is told the other story. */
  boolean hearsOther(int to) {
    return otherSide[to];
  }

  /** The other story in the place of a batch. */
  Batch other(Batch batch) {
    if (batch.isNull()) {
      return batch;
    }
    Digest digest = batch.digest();
    Batch other = others.get(digest);
    if (other == null) {
      other = new Batch(batch.timestampMicros() + 1, batch.bundles());
      others.put(digest, other);
      if (others.size() > STORIES_MAX) {
        others.remove(others.keySet().iterator().next());
      }
    }
    return other;
  }

  /** The digest of the other story, if there is one. */
  @Nullable Digest other(Digest digest) {
    Batch other = others.get(digest);
    return other == null ? null : other.digest();
  }
}
