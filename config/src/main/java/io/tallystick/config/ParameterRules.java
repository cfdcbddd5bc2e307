package io.tallystick.config;

import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.Quorums;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;

/**
 * The names and ranges of genesis's parameters: each component of {@link Parameters} in snake case.
 * A component without a range, or a range without a component, stops the class from loading.
 */
final class ParameterRules {
  /** Largest frame that parameters may ask for, in bytes. */
  static final int FRAME_BYTES_MAX = 64 << 20;

  /** What a frame's limit leaves for everything but the bodies of a batch, in bytes. */
  private static final long PROPOSAL_BYTES_MAX = 1 << 20;

  /** Bound on what a request adds to its payload in a batch's encoded size, at ordinary names. */
  private static final long REQUEST_OVERHEAD_BYTES = 1 << 10;

  private static final Map<String, Range> RANGES = ranges();

  private ParameterRules() {}

  /** From {@code min} to {@code max}, both included. */
  record Range(int min, int max) {}

  private static Map<String, Range> ranges() {
    Map<String, Range> ranges = new LinkedHashMap<>();
    ranges.put("checkpoint_interval", new Range(1, 4_096));
    ranges.put("checkpoint_seconds", new Range(1, 3_600));
    ranges.put("window", new Range(2, 65_536));
    ranges.put("pipeline_depth", new Range(1, 64));
    ranges.put("head_interval", new Range(1, 4_096));
    ranges.put("head_millis", new Range(10, 60_000));
    ranges.put("idle_millis", new Range(10, 60_000));
    ranges.put("view_timeout_millis", new Range(50, 600_000));
    ranges.put("skew_millis", new Range(10, 60_000));
    ranges.put("deadline_millis_max", new Range(100, 3_600_000));
    ranges.put("outcomes_max", new Range(1_000, 100_000_000));
    ranges.put("payload_bytes_max", new Range(1, 16 << 20));
    ranges.put("bundle_requests_max", new Range(1, 65_536));
    ranges.put("bundle_bytes_max", new Range(1, 32 << 20));
    ranges.put("batch_bundles_max", new Range(1, 4_096));
    ranges.put("batch_requests_max", new Range(1, 1 << 20));
    ranges.put("batch_bytes_max", new Range(1, 62 << 20));
    ranges.put("vote_slots_max", new Range(1, 64));
    List<String> names = names();
    if (!ranges.keySet().equals(new LinkedHashSet<>(names))) {
      throw new IllegalStateException("parameters " + names + " (expected: " + ranges.keySet());
    }
    return ranges;
  }

  static List<String> names() {
    return List.of(Parameters.class.getRecordComponents()).stream()
        .map(component -> snake(component.getName()))
        .toList();
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  static JsonObject toJson(Parameters parameters) {
    JsonObject json = new JsonObject();
    try {
      for (RecordComponent component : Parameters.class.getRecordComponents()) {
        json.put(snake(component.getName()), (Integer) component.getAccessor().invoke(parameters));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("parameters: not readable", e);
    }
    return json;
  }

  static Parameters of(JsonObject json) throws JsonException {
    json.allow(RANGES.keySet().toArray(String[]::new));
    Object[] values = new Object[RANGES.size()];
    Class<?>[] types = new Class<?>[RANGES.size()];
    List<String> names = names();
    for (Entry<String, Range> rule : RANGES.entrySet()) {
      int index = names.indexOf(rule.getKey());
      Range range = rule.getValue();
      values[index] = (int) json.whole(rule.getKey(), range.min(), range.max());
      types[index] = int.class;
    }
    Parameters parameters;
    try {
      parameters = Parameters.class.getConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("parameters: not constructible", e);
    }
    check(json, parameters);
    return parameters;
  }

  private static void check(JsonObject json, Parameters p) throws JsonException {
    atLeast(json, "window", p.window(), 2L * p.checkpointInterval(), "twice checkpoint_interval");
    atLeast(json, "window", p.window(), p.pipelineDepth(), "pipeline_depth");
    atLeast(
        json,
        "deadline_millis_max",
        p.deadlineMillisMax(),
        5L * p.skewMillis(),
        "five times skew_millis, as clients set deadlines four times the skew ahead");
    atLeast(json, "bundle_bytes_max", p.bundleBytesMax(), p.payloadBytesMax(), "payload_bytes_max");
    atLeast(
        json,
        "batch_requests_max",
        p.batchRequestsMax(),
        p.bundleRequestsMax(),
        "bundle_requests_max");
    atLeast(
        json,
        "batch_bytes_max",
        p.batchBytesMax(),
        p.bundleBytesMax() + REQUEST_OVERHEAD_BYTES * p.bundleRequestsMax(),
        "bundle_bytes_max and 1 KiB for each of bundle_requests_max, or no batch holds a bundle");
    long proposal = 32L * p.batchBundlesMax() * p.voteSlotsMax();
    if (proposal > PROPOSAL_BYTES_MAX) {
      throw json.unfit(
          "batch_bundles_max",
          p.batchBundlesMax()
              + " (expected: a proposal of vote_slots_max batches in 1 MiB; it takes "
              + proposal
              + " bytes)");
    }
    if (p.frameBytesMax() > FRAME_BYTES_MAX) {
      throw json.unfit(
          "batch_bytes_max",
          "needs frames of " + p.frameBytesMax() + " (expected: " + FRAME_BYTES_MAX + " at most)");
    }
    long viewChange = p.viewChangeBytesMax(Quorums.REPLICAS_MAX);
    if (viewChange > p.frameBytesMax()) {
      throw json.unfit(
          "window",
          p.window()
              + " (expected: a view-change of 13 replicas, "
              + viewChange
              + " bytes at most, in a frame of "
              + p.frameBytesMax()
              + ")");
    }
  }

  private static void atLeast(JsonObject json, String key, long value, long min, String why)
      throws JsonException {
    if (value < min) {
      throw json.unfit(key, value + " (expected: at least " + min + ", " + why + ")");
    }
  }
}
