package io.tallystick.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether every rule of {@code docs/protocol.md} has its place in the code and a test.
 *
 * <p>A rule is a row of a table there, with its id in backticks in the first column; its tag is the
 * id in a line comment of main code, and the id anywhere in a test. Which rules the TLA+
 * specification states, the page lists too.
 */
final class ProtocolRules {
  private static final Pattern ROW = Pattern.compile("(?m)^\\|\\s*`(R\\d+\\.\\d+)`\\s*\\|");
  private static final Pattern ID = Pattern.compile("\\bR\\d+\\.\\d+\\b");

  private ProtocolRules() {}

  /** The ids in the table, in order. */
  static List<String> ids(String document) {
    List<String> ids = new ArrayList<>();
    Matcher rows = ROW.matcher(document);
    while (rows.find()) {
      ids.add(rows.group(1));
    }
    return ids;
  }

  static List<String> violations(String document, List<SourceFile> sources) {
    List<String> ids = ids(document);
    TreeSet<String> inCode = new TreeSet<>();
    TreeSet<String> inTests = new TreeSet<>();
    for (SourceFile source : sources) {
      for (String line : source.lines()) {
        int comment = line.indexOf("//");
        if (source.isTest() || source.path().startsWith("tests/")) {
          collect(line, inTests);
        } else if (comment >= 0) {
          collect(line.substring(comment), inCode);
        }
      }
    }
    List<String> found = new ArrayList<>();
    TreeSet<String> seen = new TreeSet<>();
    for (String id : ids) {
      if (!seen.add(id)) {
        found.add(id + ": two rules of one id in docs/protocol.md");
      }
      if (!inCode.contains(id)) {
        found.add(id + ": no comment '// " + id + "' in main code");
      }
      if (!inTests.contains(id)) {
        found.add(id + ": not named by any test");
      }
    }
    inCode.addAll(inTests);
    inCode.removeAll(seen);
    inCode.forEach(id -> found.add(id + ": in the code, but no rule of docs/protocol.md"));
    return found;
  }

  /**
   * Rules that the page says are in the specification and aren't, and the other way round. The page
   * lists them in a section of its own, at its end.
   */
  static List<String> specificationViolations(String document, String specification) {
    int section = document.indexOf("## In the specification");
    TreeSet<String> listed = new TreeSet<>();
    TreeSet<String> tagged = new TreeSet<>();
    collect(section < 0 ? "" : document.substring(section), listed);
    collect(specification, tagged);
    List<String> found = new ArrayList<>();
    for (String id : listed) {
      if (!tagged.contains(id)) {
        found.add(id + ": listed in docs/protocol.md, not tagged in the specification");
      }
    }
    for (String id : tagged) {
      if (!listed.contains(id)) {
        found.add(id + ": tagged in the specification, not listed in docs/protocol.md");
      }
    }
    listed.removeAll(ids(document));
    listed.forEach(id -> found.add(id + ": in the specification, but no rule"));
    return found;
  }

  private static void collect(String text, Set<String> ids) {
    Matcher matcher = ID.matcher(text);
    while (matcher.find()) {
      ids.add(matcher.group());
    }
  }
}
