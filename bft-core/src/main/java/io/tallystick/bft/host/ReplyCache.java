package io.tallystick.bft.host;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.Outcome;
import io.tallystick.crypto.Digest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** The answers to the bundles executed last, oldest out first. Any thread. */
final class ReplyCache {
  /** What is needed to answer a bundle again, in full too. */
  record Answered(Bundle bundle, List<Outcome> outcomes, Tip tip, HeadCosignature head) {
    long weightBytes() {
      return bundle.weightBytes() + 48L * outcomes.size();
    }
  }

  private final int entriesMax;
  private final long bytesMax;
  private final LinkedHashMap<Digest, Answered> answers = new LinkedHashMap<>();
  private long bytes;

  ReplyCache(int entriesMax, long bytesMax) {
    this.entriesMax = entriesMax;
    this.bytesMax = bytesMax;
  }

  synchronized void put(Answered answered) {
    Answered before = answers.remove(answered.bundle().digest());
    bytes += answered.weightBytes() - (before == null ? 0 : before.weightBytes());
    answers.put(answered.bundle().digest(), answered);
    Iterator<Answered> oldest = answers.values().iterator();
    while (answers.size() > entriesMax || bytes > bytesMax && answers.size() > 1) {
      bytes -= oldest.next().weightBytes();
      oldest.remove();
    }
  }

  synchronized Optional<Answered> find(Digest bundle) {
    return Optional.ofNullable(answers.get(bundle));
  }
}
