package io.tallystick.crypto.note;

import static java.util.Objects.requireNonNull;

import io.tallystick.crypto.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Whom to trust (C2SP tlog-policy): a checkpoint is accepted when one of the logs signed it and the
 * quorum of witnesses cosigned it. Names are defined before they are used and are members of one
 * group at most, so that a witness counts in one way only; no two logs and no two witnesses share a
 * key. Immutable; equal when they read the same.
 */
public final class TlogPolicy {
  /** The quorum of a policy that asks for no cosignature. */
  public static final String NONE = "none";

  /** A log that is trusted to sign its own checkpoints. {@code url} is empty when there is none. */
  public record Log(VerifierKey key, String url) {}

  /** A cosigner under the name that groups use for it. {@code url} is empty when there is none. */
  public record Witness(String name, VerifierKey key, String url) {}

  /** Counts as cosigner when {@code threshold} of its members do. */
  public record Group(String name, int threshold, List<String> members) {
    /** Copies the members. */
    public Group {
      members = List.copyOf(members);
    }
  }

  private final List<Log> logs;
  private final List<Witness> witnesses;
  private final List<Group> groups;
  private final String quorum;

  TlogPolicy(List<Log> logs, List<Witness> witnesses, List<Group> groups, String quorum) {
    this.logs = List.copyOf(logs);
    this.witnesses = List.copyOf(witnesses);
    this.groups = List.copyOf(groups);
    this.quorum = requireNonNull(quorum, "quorum");
  }

  /**
   * The policy of a ledger: one log, the replicas as witnesses {@code r<id>} in the order of their
   * ids, and a quorum of them.
   *
   * @throws MalformedNoteException when keys repeat or the quorum isn't 1 to their number
   */
  public static TlogPolicy ofReplicas(
      VerifierKey log, SortedMap<Integer, VerifierKey> replicas, int quorum) {
    PolicyBuilder builder = new PolicyBuilder();
    builder.log(log, "");
    List<String> members = new ArrayList<>();
    for (Map.Entry<Integer, VerifierKey> replica : replicas.entrySet()) {
      members.add("r" + replica.getKey());
      builder.witness(members.getLast(), replica.getValue(), "");
    }
    builder.group("replicas", quorum, members);
    builder.quorum("replicas");
    return builder.build();
  }

  /**
   * Parses a policy file.
   *
   * @throws MalformedNoteException naming the line
   */
  public static TlogPolicy parse(Bytes file) {
    return PolicyBuilder.parse(NoteText.utf8("policy", file.unsafeArray()));
  }

  /**
   * Parses a policy file.
   *
   * @throws MalformedNoteException naming the line
   */
  public static TlogPolicy parse(String file) {
    return PolicyBuilder.parse(NoteText.bounded("policy", file));
  }

  /** The logs, in the file's order. */
  public List<Log> logs() {
    return logs;
  }

  /** The witnesses, in the file's order. */
  public List<Witness> witnesses() {
    return witnesses;
  }

  /** The groups, in the file's order. */
  public List<Group> groups() {
    return groups;
  }

  /** The name of the witness or group that must have cosigned, or {@link #NONE}. */
  public String quorum() {
    return quorum;
  }

  /** Whether {@code note} is a checkpoint that this policy accepts. */
  public PolicyVerdict evaluate(SignedNote note) {
    Set<VerifierKey> keys = new LinkedHashSet<>();
    logs.forEach(log -> keys.add(log.key()));
    witnesses.forEach(witness -> keys.add(witness.key()));
    return switch (note.verify(keys)) {
      case NoteVerdict.Refused(Refusal reason, String detail) ->
          new PolicyVerdict.Refused(reason, detail);
      case NoteVerdict.Verified(List<VerifiedLine> lines) -> evaluate(note.text(), lines);
    };
  }

  private PolicyVerdict evaluate(String text, List<VerifiedLine> lines) {
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.parse(text);
    } catch (MalformedNoteException e) {
      return new PolicyVerdict.Refused(Refusal.MALFORMED, String.valueOf(e.getMessage()));
    }
    Set<VerifierKey> signers = new HashSet<>();
    lines.forEach(line -> signers.add(line.key()));
    List<Log> signed = logs.stream().filter(log -> signers.contains(log.key())).toList();
    if (signed.isEmpty()) {
      return new PolicyVerdict.Refused(Refusal.NO_LOG_SIGNATURE, "no log of the policy signed");
    }
    if (signed.stream().noneMatch(log -> log.key().name().equals(checkpoint.origin()))) {
      return new PolicyVerdict.Refused(
          Refusal.WRONG_ORIGIN,
          "checkpoint of " + checkpoint.origin() + " signed by " + signed.getFirst().key().name());
    }
    Set<String> satisfied = satisfied(signers);
    if (!quorum.equals(NONE) && !satisfied.contains(quorum)) {
      long cosigned = witnesses.stream().filter(w -> signers.contains(w.key())).count();
      return new PolicyVerdict.Refused(
          Refusal.QUORUM_MISSED,
          cosigned + " of " + witnesses.size() + " witnesses cosigned, which isn't " + quorum);
    }
    return new PolicyVerdict.Accepted(checkpoint, lines);
  }

  /** Names of witnesses and groups that cosigned; groups come after their members. */
  private Set<String> satisfied(Set<VerifierKey> signers) {
    Set<String> names = new HashSet<>();
    for (Witness witness : witnesses) {
      if (signers.contains(witness.key())) {
        names.add(witness.name());
      }
    }
    for (Group group : groups) {
      if (group.members().stream().filter(names::contains).count() >= group.threshold()) {
        names.add(group.name());
      }
    }
    return names;
  }

  /** The policy file: logs, witnesses, groups, quorum; one space between words. */
  @Override
  public String toString() {
    StringBuilder file = new StringBuilder();
    logs.forEach(log -> line(file, "log", log.key().toString(), log.url()));
    witnesses.forEach(w -> line(file, "witness", w.name(), w.key().toString(), w.url()));
    for (Group group : groups) {
      String members = String.join(" ", group.members());
      line(file, "group", group.name(), Integer.toString(group.threshold()), members);
    }
    line(file, "quorum", quorum);
    return file.toString();
  }

  private static void line(StringBuilder file, String... words) {
    String line = String.join(" ", words);
    // A url that is empty leaves no space behind
    file.append(line.endsWith(" ") ? line.substring(0, line.length() - 1) : line).append('\n');
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TlogPolicy policy && toString().equals(policy.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }
}
