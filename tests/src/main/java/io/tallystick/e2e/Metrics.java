package io.tallystick.e2e;

import java.util.LinkedHashMap;
import java.util.Map;

/** A scrape of one node's metrics: each sample by its name and labels, as they are printed. */
record Metrics(Map<String, Double> samples) {

  static Metrics parse(String text) {
    Map<String, Double> samples = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      int space = line.lastIndexOf(' ');
      if (!line.startsWith("#") && space > 0) {
        samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
      }
    }
    return new Metrics(samples);
  }

  /** The sum of all samples of this name, whatever their labels. */
  double sum(String name) {
    return samples.entrySet().stream()
        .filter(each -> each.getKey().equals(name) || each.getKey().startsWith(name + "{"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** Whether there is a sample of this name. */
  boolean has(String name) {
    return samples.keySet().stream()
        .anyMatch(each -> each.equals(name) || each.startsWith(name + "{"));
  }
}
