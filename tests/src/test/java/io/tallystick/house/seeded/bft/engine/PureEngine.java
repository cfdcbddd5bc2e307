package io.tallystick.house.seeded.bft.engine;

import io.tallystick.crypto.Digest;
import io.tallystick.house.seeded.bft.verify.Verified;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The control: all that an engine may use. No rule may complain of it. */
public final class PureEngine {
  /** What it takes. */
  public sealed interface Step {
    /** A vote. */
    record Vote(long seq, Optional<Digest> digest) implements Step {}

    /** Nothing. */
    record Idle() implements Step {}
  }

  /** Where it is. */
  public enum Phase {
    EARLY,
    LATE
  }

  private final TreeMap<Long, List<Step>> steps = new TreeMap<>();
  private final Set<Phase> phases = new LinkedHashSet<>();

  /** Takes a step, in a defined order. */
  public String step(Verified<Step> step, Phase phase) {
    phases.add(phase);
    long seq =
        switch (step.value()) {
          case Step.Vote(long voted, var _) -> voted;
          case Step.Idle() -> 0;
        };
    steps.computeIfAbsent(seq, _ -> new ArrayList<>()).addAll(List.of(step.value()));
    long[] kept = new long[1];
    System.arraycopy(new long[] {seq}, 0, kept, 0, 1);
    Map<Phase, Long> counted =
        phases.stream()
            .collect(Collectors.toMap(p -> p, p -> kept[0], Long::sum, LinkedHashMap::new));
    return switch (phase) {
      case EARLY -> "early " + Arrays.toString(kept);
      case LATE -> "late " + counted;
    };
  }
}
