package io.tallystick.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.tallystick.house.seeded.bft.client.ReadsTheClock;
import io.tallystick.house.seeded.bft.engine.ImpureEngine;
import io.tallystick.house.seeded.bft.engine.PureEngine;
import io.tallystick.house.seeded.bft.host.ImportsTheNetworkToo;
import io.tallystick.house.seeded.bft.message.SpeaksProtobuf;
import io.tallystick.house.seeded.bft.statemachine.StartsAThread;
import io.tallystick.house.seeded.config.ImportsTheNetwork;
import io.tallystick.house.seeded.crypto.ImportsTheEngine;
import io.tallystick.house.seeded.ledger.Ledger;
import io.tallystick.house.seeded.network.ImportsTheLedger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.tallystick");

  private static final JavaClasses SEEDED =
      new ClassFileImporter().importPackages("io.tallystick.house.seeded", "io.tallystick.crypto");

  private static final ArchitectureRules RULES = new ArchitectureRules("io.tallystick");
  private static final ArchitectureRules SEEDED_RULES =
      new ArchitectureRules("io.tallystick.house.seeded");

  static Stream<ArchRule> rules() {
    return RULES.all().stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void holdsTheRoomsApart(ArchRule rule) {
    rule.check(OURS);
  }

  @Test
  void seesTheClassesOfAllModules() {
    for (String of : List.of("crypto.Digest", "bft.engine.Effect", "bft.verify.Verified")) {
      assertTrue(OURS.contain("io.tallystick." + of), of);
    }
    assertFalse(OURS.contain(ArchitectureTest.class), "tests are no part of what is judged");
  }

  static Stream<Class<?>> impurities() {
    return Stream.concat(
        Stream.of(ReadsTheClock.class), Arrays.stream(ImpureEngine.class.getDeclaredClasses()));
  }

  @ParameterizedTest
  @MethodSource("impurities")
  void catchesAnImpureEngine(Class<?> impurity) {
    List<ArchRule> rules = List.of(SEEDED_RULES.engineImports(), SEEDED_RULES.engineAccesses());
    assertTrue(violations(rules, impurity) > 0, impurity + " was not caught");
  }

  @Test
  void lets24KindsOfImpurityNotGoMissing() {
    assertEquals(24, ImpureEngine.class.getDeclaredClasses().length);
  }

  @Test
  void letsAPureEnginePass() {
    assertEquals(0, violations(SEEDED_RULES.all(), PureEngine.class));
    assertEquals(0, violations(SEEDED_RULES.all(), Ledger.class));
  }

  @ParameterizedTest
  @MethodSource("strays")
  void catchesAModuleThatImportsWhatItMayNot(Class<?> stray) {
    assertTrue(violations(SEEDED_RULES.moduleRules(), stray) > 0, stray + " was not caught");
  }

  static Stream<Class<?>> strays() {
    return Stream.of(
        ImportsTheEngine.class,
        ImportsTheNetwork.class,
        ImportsTheLedger.class,
        ImportsTheNetworkToo.class);
  }

  @Test
  void catchesAnEncoderOutsideOfCodec() {
    assertTrue(violations(List.of(SEEDED_RULES.onlyCodecEncodes()), SpeaksProtobuf.class) > 0);
  }

  @Test
  void catchesAForgedVerified() {
    assertEquals(
        1, violations(List.of(SEEDED_RULES.onlyVerifyVerifies()), ImportsTheNetworkToo.class));
  }

  @Test
  void catchesAThreadOutsideOfTheHostAndTheJournal() {
    List<ArchRule> rules = List.of(SEEDED_RULES.onlyTheHostAndTheJournalHaveThreads());
    assertTrue(violations(rules, StartsAThread.class) > 0);
    assertEquals(0, violations(rules, ImportsTheNetworkToo.class));
  }

  /** How many violations name this class as the one that commits them. */
  private static long violations(List<ArchRule> rules, Class<?> culprit) {
    return rules.stream()
        .flatMap(rule -> rule.evaluate(SEEDED).getFailureReport().getDetails().stream())
        .filter(line -> line.contains("<" + culprit.getName()) && commits(line, culprit))
        .count();
  }

  /** The culprit comes first in ArchUnit's sentences; what it depends on comes after. */
  private static boolean commits(String line, Class<?> culprit) {
    return line.indexOf("<io.tallystick.house") == line.indexOf("<" + culprit.getName());
  }
}
