package io.tallystick.crypto.note;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts a policy together line by line, and holds each line to the rules of tlog-policy. */
final class PolicyBuilder {
  /** No policy has more logs, witnesses or groups, of each. */
  static final int ENTRIES_MAX = 128;

  private final List<TlogPolicy.Log> logs = new ArrayList<>();
  private final List<TlogPolicy.Witness> witnesses = new ArrayList<>();
  private final List<TlogPolicy.Group> groups = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> members = new HashSet<>();
  private @Nullable String quorum;
  private String what = "policy";

  static TlogPolicy parse(String file) {
    PolicyBuilder builder = new PolicyBuilder();
    int number = 0;
    int at = 0;
    while (at < file.length()) {
      number++;
      builder.what = "policy line " + number;
      int end = file.indexOf('\n', at);
      if (end < 0) {
        throw builder.malformed("no newline at its end", "one");
      }
      builder.line(file.substring(at, end));
      at = end + 1;
    }
    builder.what = "policy";
    return builder.build();
  }

  private void line(String line) {
    List<String> words = words(line);
    if (words.isEmpty() || words.getFirst().startsWith("#")) {
      return;
    }
    int count = words.size();
    switch (words.getFirst()) {
      case "log" -> {
        require(count == 2 || count == 3, line, "log vkey [url]");
        log(key(words.get(1)), count == 3 ? words.get(2) : "");
      }
      case "witness" -> {
        require(count == 3 || count == 4, line, "witness name vkey [url]");
        witness(words.get(1), key(words.get(2)), count == 4 ? words.get(3) : "");
      }
      case "group" -> {
        require(count >= 4, line, "group name all|any|k member…");
        List<String> listed = words.subList(3, count);
        group(words.get(1), threshold(words.get(2), listed.size()), listed);
      }
      case "quorum" -> {
        require(count == 2, line, "quorum name|none");
        quorum(words.get(1));
      }
      default -> throw malformed("'" + line + "'", "log, witness, group or quorum");
    }
  }

  private List<String> words(String line) {
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= line.length(); i++) {
      char c = i < line.length() ? line.charAt(i) : ' ';
      if (c == ' ' || c == '\t') {
        if (start >= 0) {
          words.add(line.substring(start, i));
          start = -1;
        }
      } else if (c < ' ' || c == 0x7f) {
        throw malformed("control character " + (int) c, "none but tab");
      } else if (start < 0) {
        start = i;
      }
    }
    return words;
  }

  private VerifierKey key(String text) {
    try {
      return VerifierKey.parse(text);
    } catch (MalformedNoteException e) {
      throw malformed(String.valueOf(e.getMessage()), "a vkey");
    }
  }

  private int threshold(String word, int count) {
    return switch (word) {
      case "any" -> 1;
      case "all" -> count;
      default -> (int) Math.min(NoteText.decimal(what + " threshold", word), Integer.MAX_VALUE);
    };
  }

  void log(VerifierKey key, String url) {
    require(logs.size() < ENTRIES_MAX, "a log more", "<= " + ENTRIES_MAX + " logs");
    for (TlogPolicy.Log log : logs) {
      require(!log.key().material().equals(key.material()), key.name(), "a key not yet a log's");
    }
    logs.add(new TlogPolicy.Log(key, url));
  }

  void witness(String name, VerifierKey key, String url) {
    require(witnesses.size() < ENTRIES_MAX, "a witness more", "<= " + ENTRIES_MAX + " witnesses");
    require(
        key.type() == VerifierKey.COSIGNATURE || key.type() == VerifierKey.ML_DSA_44,
        "witness " + name + " with a key of type " + key.type(),
        "a cosigner's, type 4 or 6");
    for (TlogPolicy.Witness witness : witnesses) {
      require(!witness.key().material().equals(key.material()), name, "a key not yet a witness's");
    }
    define(name);
    witnesses.add(new TlogPolicy.Witness(name, key, url));
  }

  void group(String name, int threshold, List<String> listed) {
    require(groups.size() < ENTRIES_MAX, "a group more", "<= " + ENTRIES_MAX + " groups");
    for (String member : listed) {
      require(names.contains(member), "member " + member, "a name defined above");
      require(members.add(member), "member " + member, "one that isn't a member already");
    }
    require(
        threshold >= 1 && threshold <= listed.size(),
        "threshold " + threshold,
        "1 to " + listed.size());
    define(name);
    groups.add(new TlogPolicy.Group(name, threshold, listed));
  }

  void quorum(String name) {
    require(quorum == null, "a second quorum", "exactly one");
    require(
        names.contains(name) || name.equals(TlogPolicy.NONE),
        "quorum " + name,
        "none, or a name defined above");
    quorum = name;
  }

  TlogPolicy build() {
    if (quorum == null) {
      throw malformed("no quorum", "exactly one");
    }
    return new TlogPolicy(logs, witnesses, groups, quorum);
  }

  private void define(String name) {
    require(!name.equals(TlogPolicy.NONE), "name none", "another: it is reserved");
    require(names.add(name), "name " + name, "one that isn't defined already");
  }

  private void require(boolean holds, String found, String expected) {
    if (!holds) {
      throw malformed(found, expected);
    }
  }

  private MalformedNoteException malformed(String found, String expected) {
    return new MalformedNoteException(what, found, expected);
  }
}
