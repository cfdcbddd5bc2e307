package io.tallystick.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
class HouseTest {
  private Repository repository = new Repository(Path.of(""), List.of());
  private List<SourceFile> sources = List.of();

  @BeforeAll
  void read() throws Exception {
    repository = Repository.find();
    sources = repository.sources();
  }

  @Test
  void seesTheSourcesOfAllModules() {
    for (String module : List.of("crypto", "bft-core", "tests")) {
      assertTrue(sources.stream().anyMatch(s -> s.path().startsWith(module + "/src/")), module);
    }
  }

  @Test
  void keepsTheTopLevelToWhatTheDesignNames() {
    List<String> paths = repository.files().stream().map(Path::toString).toList();
    assertNone(HouseRules.strangersAtTheTop(paths));
  }

  @Test
  void keepsSourcesShortPlainAndFinished() throws IOException {
    List<String> found = new ArrayList<>();
    for (SourceFile source : sources) {
      found.addAll(HouseRules.violations(source));
    }
    assertNone(found);
  }

  @Test
  void describesEveryPackage() throws IOException {
    assertNone(HouseRules.packagesWithoutInfo(sources));
  }

  @Test
  void commitsNothingLarge() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : repository.files()) {
      long bytes = Files.size(repository.root().resolve(file));
      if (bytes > HouseRules.COMMITTED_BYTES_MAX) {
        found.add(file + ": " + bytes + " bytes (expected: <= 1000000)");
      }
    }
    assertNone(found);
  }

  @ParameterizedTest
  @ValueSource(strings = {"architecture", "protocol", "limits", "testing", "threat-model"})
  void hasTheDocuments(String name) throws IOException {
    assertTrue(repository.read("docs/" + name + ".md").startsWith("# "), name);
  }

  @Test
  void keepsTheReadmeToOneSitting() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : repository.files()) {
      long lines =
          file.endsWith("README.md") ? repository.read(file.toString()).lines().count() : 0;
      if (lines > HouseRules.README_LINES_MAX) {
        found.add(file + ": " + lines + " lines (expected: <= 120)");
      }
    }
    assertNone(found);
  }

  @Test
  void findsEveryProtocolRuleInCodeAndTests() throws IOException {
    List<SourceFile> others =
        sources.stream().filter(source -> !source.path().contains("io/tallystick/house/")).toList();
    assertNone(ProtocolRules.violations(repository.read("docs/protocol.md"), others));
  }

  @Test
  void findsTheRulesThatTheSpecificationStates() throws IOException {
    assertNone(
        ProtocolRules.specificationViolations(
            repository.read("docs/protocol.md"), repository.read("tests/tla/Tallystick.tla")));
  }

  private static void assertNone(List<String> found) {
    assertEquals("", String.join("\n", found));
  }
}
