package io.tallystick.tests.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.tests.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioListTest {
  @Test
  void readsTheNumbersThatDisplayNamesBeginWith() {
    String source =
        """
        %("S13 S55 nothing is lost when S7 happens")
        void one() {}

        %(
            "S69 a receipt holds")
        void two() {}

        %("sums as S8 says")
        void three() {}
        """;
    assertEquals(Set.of(13, 55, 69), ScenarioList.numbers(test(source)));
  }

  @Test
  void namesTheClassesInOrder(@TempDir Path directory) throws Exception {
    Path later = Files.writeString(directory.resolve("Z.java"), test("%(\"S31 z\")"));
    Path first = Files.writeString(directory.resolve("A.java"), test("%(\"S31 S32 a\")"));
    List<String> lines = ScenarioList.lines(ScenarioList.named(List.of(later, first)));
    assertEquals("S31 A Z", lines.get(30));
    assertEquals("S32 A", lines.get(31));
  }

  @Test
  void printsALineForEachOf75() {
    List<String> lines = ScenarioList.lines(new TreeMap<>());
    assertEquals(75, lines.size());
    assertEquals("S31 none yet", lines.get(30));
    assertTrue(lines.get(38).startsWith("S39 n/a: there is one path"), lines.get(38));
    assertEquals("S75 none yet", lines.get(74));
  }

  @Test
  void findsTheTestsOfThisCheckout() throws Exception {
    SortedMap<Integer, SortedSet<String>> named = ScenarioList.named(Checkout.find().testSources());
    assertTrue(named.getOrDefault(55, new java.util.TreeSet<>()).contains("PowerCutTest"));
  }

  /** Puts the annotation where the percent sign is: this source itself names no scenario. */
  private static String test(String source) {
    return source.replace("%", "@DisplayName");
  }
}
