package io.tallystick.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shows that the house rules bite: each seeded source breaks one of them. */
class SeededSourcesTest {
  private static final String INFO =
      "/** What for. */\n@NullMarked\npackage a;\nimport org.jspecify.annotations.NullMarked;\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "says nothing                | class LedgerManager {}",
        "says nothing                | class A { record EntryInfo() {} }",
        "says nothing                | interface B { enum PathUtils { X } }",
        "bean's getter               | class A { int getSize() { return 1; } }",
        "6 parameters                | class A { void a(int a, int b, int c, int d, int e, int f)"
            + " {} }",
        "6 parameters                | class A { A(int a, int b, int c, int d, int e, int f) {} }",
        "6 parameters                | record A(int a) { A(int a, int b, int c, int d, int e, int"
            + " f) { this(a); } }",
        "disabled test               | class A { @Disabled void a() {} }",
        "disabled test               | class A { @org.junit.jupiter.api.Disabled(\"slow\") void a()"
            + " {} }",
        "swallowed                   | class A { void a() { try { b(); } catch (Exception e) { } }"
            + " }",
        "printStackTrace             | class A { void a(Exception e) { e.printStackTrace(); } }",
        "a test that sleeps          | class A { void a() throws Exception { Thread.sleep(1); } }",
        "a test that sleeps          | class A { void a() throws Exception {"
            + " TimeUnit.SECONDS.sleep(1); } }",
        "a test that sleeps          | class A { void a() { LockSupport.parkNanos(1); } }",
      })
  void catches(String what, String source) throws IOException {
    List<String> found = HouseRules.violations(test(source));
    assertTrue(found.stream().anyMatch(line -> line.contains(what)), found + " lacks " + what);
  }

  @Test
  void catchesWordsThatSaySomethingIsUnfinished() throws IOException {
    for (String word : List.of("TO" + "DO", "FIX" + "ME", "XX" + "X", "good enough for" + " now")) {
      assertEquals(1, HouseRules.violations(test("// " + word + ": later\nclass A {}")).size());
    }
  }

  @Test
  void catchesWhatIsTooLong() throws IOException {
    assertEquals(1, HouseRules.violations(test("// " + "x".repeat(98) + "\nclass A {}")).size());
    assertEquals(1, HouseRules.violations(test("class A {}" + "\n//".repeat(500))).size());
    String body = "int x;\n".repeat(59);
    assertEquals(1, HouseRules.violations(test("class A { void a() {\n" + body + "} }")).size());
  }

  @Test
  void letsWhatIsJustRightPass() throws IOException {
    String source =
        """
        record A(int a, int b, int c, int d, int e, int f) {
          A {
            a = 1;
          }

          @Override
          public int getForeign(int a, int b, int c, int d, int e, int f) {
            try {
              return get();
            } catch (IllegalStateException e) {
              // nothing to get is what the caller asked about
            }
            return clock.sleep(1);
          }
        }
        """;
    assertEquals(List.of(), HouseRules.violations(test(source)));
    String body = "int x;\n".repeat(58);
    assertEquals(List.of(), HouseRules.violations(test("class A { void a() {\n" + body + "} }")));
    assertEquals(
        List.of(), HouseRules.violations(test("// " + "é".repeat(97) + "\nclass DataSource {}")));
  }

  @Test
  void catchesAPackageThatIsNotDescribed() throws IOException {
    SourceFile main = new SourceFile("m/src/main/java/a/A.java", "package a; class A {}");
    SourceFile described = new SourceFile("m/src/main/java/a/package-info.java", INFO);
    SourceFile bare = new SourceFile(described.path(), "package a;");
    SourceFile unmarked =
        new SourceFile(described.path(), INFO.replace("@NullMarked\npackage", "package"));
    SourceFile tested = new SourceFile("m/src/test/java/a/ATest.java", "package a; class ATest {}");
    assertEquals(1, HouseRules.packagesWithoutInfo(List.of(main)).size());
    assertEquals(1, HouseRules.packagesWithoutInfo(List.of(main, bare)).size());
    assertEquals(1, HouseRules.packagesWithoutInfo(List.of(main, unmarked)).size());
    assertEquals(1, HouseRules.packagesWithoutInfo(List.of(tested)).size());
    assertEquals(0, HouseRules.packagesWithoutInfo(List.of(main, described, tested)).size());
  }

  @Test
  void catchesStrangersAtTheTop() {
    List<String> paths = List.of("pom.xml", "notes.txt", ".ci/run", "common/src/A.java", "docs/a");
    assertEquals(List.of("notes.txt", "common"), HouseRules.strangersAtTheTop(paths));
  }

  @Test
  void catchesRulesThatOnlyThePageOrTheSpecificationHas() {
    String document =
        """
        | `R1.1` | a |
        | `R1.2` | b |
        ## In the specification
        `R1.1`, `R1.2`, `R1.4`
        """;
    assertEquals(
        List.of(
            "R1.2: listed in docs/protocol.md, not tagged in the specification",
            "R1.3: tagged in the specification, not listed in docs/protocol.md",
            "R1.4: in the specification, but no rule"),
        ProtocolRules.specificationViolations(document, "R1.1 R1.3, R1.4"));
  }

  @Test
  void catchesProtocolRulesWithoutCodeOrTest() {
    String document = "# T\n\n| rule | what |\n| --- | --- |\n| `R1.1` | a |\n| `R1.2` | b |\n";
    SourceFile main =
        new SourceFile("m/src/main/java/A.java", "class A {\n  int a; // R1.1\n  // R1.3\n}");
    SourceFile string =
        new SourceFile("m/src/main/java/B.java", "class B { String b = \"R1.2\"; }");
    SourceFile tests =
        new SourceFile(
            "m/src/test/java/T.java", "class T { @DisplayName(\"R1.2 b\") void t() {} }");
    assertEquals(List.of("R1.1", "R1.2"), ProtocolRules.ids(document));
    assertEquals(
        List.of(
            "R1.1: not named by any test",
            "R1.2: no comment '// R1.2' in main code",
            "R1.3: in the code, but no rule of docs/protocol.md"),
        ProtocolRules.violations(document, List.of(main, string, tests)));
  }

  private static SourceFile test(String text) {
    return new SourceFile("m/src/test/java/A.java", text);
  }
}
