package io.tallystick.ledger.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.CompactRange;
import io.tallystick.crypto.merkle.RangeProof;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerEntry;
import io.tallystick.ledger.fixture.SampleLedger;
import io.tallystick.ledger.fixture.SampleReplicas;
import io.tallystick.ledger.read.Answer;
import io.tallystick.ledger.read.Question;
import io.tallystick.ledger.read.Reader;
import io.tallystick.ledger.store.DamagedStoreException;
import io.tallystick.ledger.store.StoredEntry;
import io.tallystick.ledger.store.StoredPayload;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
  private static final int N = 4;
  private static final long WAIT_MILLIS = 20_000;
  private static final FollowerSettings QUICK =
      new FollowerSettings(10, 5, 2_000, 20, 60_000, 3, 10, 20);

  private static final Executor LATER = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);

  @TempDir Path directory;
  private SampleLedger ledger;
  private final SampleReplicas replicas = new SampleReplicas();
  private final MeterRegistry registry = new SimpleMeterRegistry();

  @BeforeEach
  void makeLedger() throws IOException {
    ledger = SampleLedger.create(directory.resolve("ledger"), N);
  }

  @AfterEach
  void closeLedger() throws IOException {
    ledger.close();
  }

  private Follower start() throws IOException {
    return Follower.start(directory.resolve("copy"), ledger.genesis(), replicas, QUICK, registry);
  }

  private static boolean covers(Follower follower, long size) {
    return follower.covers(size, WAIT_MILLIS).join();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it never came true");
      CompletableFuture.runAsync(() -> {}, LATER).join();
    }
  }

  private double lies(int replica) {
    var counter = registry.find("ledger_follower_lies").tag("peer", "r" + replica).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void copiesWhatAQuorumSignedAndFindsIt() throws IOException {
    ledger.append(700);
    LoggedHead head = ledger.head();
    replicas.setAll(N, SampleReplicas.correct(ledger, head));
    try (Follower follower = start()) {
      assertTrue(covers(follower, 701));
      assertEquals(head, follower.head().orElseThrow().head());
      assertEquals(ledger.note(head), follower.head().orElseThrow().note());
      assertEquals(ledger.store().head(), follower.store().head());
      for (long at : new long[] {0, 1, 255, 256, 700}) {
        assertEquals(ledger.store().envelope(at), follower.store().envelope(at));
        assertEquals(ledger.store().payload(at), follower.store().payload(at));
      }
      assertEquals(234, follower.streams().count("stream-1"));
      assertEquals(OptionalLong.of(700), follower.find("ci@example.com", ledger.id(700)));
      assertEquals(OptionalLong.empty(), follower.find("somebody", ledger.id(700)));
      assertEquals(701, registry.get("ledger_follower_size").gauge().value());
    }
  }

  @Test
  void followsLaterHeadsAndTheirTimes() throws IOException {
    ledger.append(10);
    replicas.setAll(N, SampleReplicas.correct(ledger, ledger.head()));
    try (Follower follower = start()) {
      assertTrue(covers(follower, 11));
      assertFalse(follower.covers(12, 1).join());
      ledger.append(500);
      LoggedHead later = ledger.head();
      replicas.setAll(N, SampleReplicas.correct(ledger, later));
      assertTrue(covers(follower, 511));
      long idle = ledger.timeMicros() / 1_000_000 + 9;
      replicas.setAll(N, SampleReplicas.correct(ledger, ledger.head(ledger.store().head(), idle)));
      await(() -> follower.timeMicros() == idle * 1_000_000);
      assertEquals(511, follower.verifiedSize());
      // Equal heads with older times change nothing, and smaller ones neither
      replicas.setAll(N, SampleReplicas.correct(ledger, later));
      ledger.append(1);
      replicas.set(0, SampleReplicas.correct(ledger, ledger.head(ledger.treeAt(100), idle)));
      replicas.set(1, SampleReplicas.correct(ledger, ledger.head(ledger.store().head(), idle)));
      assertTrue(covers(follower, 512));
      assertEquals(idle * 1_000_000, follower.timeMicros());
      assertEquals(FollowerState.FOLLOWING, follower.state());
    }
  }

  @Test
  void takesTheTimeThatOneOfFPlusOneVouchesFor() throws IOException {
    TreeHead tree = ledger.append(5).store().head();
    long second = ledger.timeMicros() / 1_000_000;
    LoggedHead one = ledger.head(tree, second + 5_000, 2);
    LoggedHead others = ledger.head(tree, second, 0, 1);
    List<io.tallystick.bft.message.HeadCosignature> lines =
        new ArrayList<>(others.head().cosignatures());
    lines.addAll(one.head().cosignatures());
    LoggedHead mixed =
        new LoggedHead(
            new io.tallystick.bft.message.PublishedHead(0, tree, lines), others.logSignature());
    replicas.setAll(N, SampleReplicas.correct(ledger, mixed));
    try (Follower follower = start()) {
      assertTrue(covers(follower, 6));
      assertEquals(second * 1_000_000, follower.timeMicros());
    }
  }

  @Test
  void believesNoHeadThatAQuorumDidntSign() throws IOException {
    TreeHead tree = ledger.append(300).store().head();
    long second = ledger.timeMicros() / 1_000_000;
    LoggedHead good = ledger.head(ledger.treeAt(100), second);
    replicas.set(0, SampleReplicas.correct(ledger, ledger.head(tree, second, 0, 1)));
    replicas.set(1, SampleReplicas.correct(ledger, ledger.head(tree, second, 0, 1, 1)));
    LoggedHead three = ledger.head(tree, second, 0, 1, 2);
    LoggedHead badLog = new LoggedHead(three.head(), good.logSignature());
    replicas.set(2, SampleReplicas.correct(ledger, badLog));
    replicas.set(3, SampleReplicas.correct(ledger, good));
    try (Follower follower = start()) {
      assertTrue(covers(follower, 100));
      assertFalse(follower.covers(101, 100).join());
    }
  }

  /** Lies about what it is asked for; the others tell the truth. */
  private void followsPastALiar(SampleReplicas.Reading lie) throws IOException {
    ledger.append(900);
    LoggedHead head = ledger.head();
    replicas.setAll(N, SampleReplicas.correct(ledger, head));
    replicas.set(1, SampleReplicas.of(head, lie));
    try (Follower follower = start()) {
      assertTrue(covers(follower, 901));
      assertEquals(ledger.store().head(), follower.store().head());
      for (long at = 0; at < 901; at++) {
        assertEquals(ledger.store().payload(at), follower.store().payload(at));
      }
    }
  }

  private Answer.Entries truth(Bytes question) throws IOException {
    return (Answer.Entries)
        Answer.decode(
                Question.decode(question).orElseThrow(),
                new Reader(ledger.store()).answer(question))
            .orElseThrow();
  }

  private static Bytes with(Answer.Entries truth, int at, LedgerEntry other) {
    List<StoredEntry> entries = new ArrayList<>(truth.entries());
    StoredPayload payload = new StoredPayload.Present(other.salt(), other.content());
    entries.set(at, new StoredEntry(entries.get(at).index(), other.envelope(), payload));
    return new Answer.Entries(entries, truth.proof()).encode();
  }

  @Test
  @DisplayName("S46 S71 a peer that shows another payload is passed over, and only it rests")
  void readsPastAnotherPayload() throws IOException {
    followsPastALiar(
        question -> {
          Answer.Entries truth = truth(question);
          Bytes envelope = truth.entries().get(3).envelope();
          Bytes salt = Bytes.wrap(new byte[32]);
          return with(truth, 3, new LedgerEntry(envelope, salt, Bytes.utf8("never happened")));
        });
    // What it was asked for before it was found out counts too
    assertTrue(lies(1) >= 1 && lies(1) <= QUICK.asksInFlight());
    assertEquals(lies(1), replicas.questions(1));
    assertEquals(0, lies(0) + lies(2) + lies(3));
  }

  @Test
  @DisplayName("S71 a peer that shows another envelope is passed over")
  void readsPastAnotherEnvelope() throws IOException {
    followsPastALiar(
        question -> {
          Answer.Entries truth = truth(question);
          LedgerEntry other =
              SampleLedger.entry("stream-1", 7, ledger.timeMicros(), Bytes.utf8("never"));
          return with(truth, 0, other);
        });
    assertTrue(lies(1) >= 1);
  }

  @Test
  @DisplayName("S71 a peer that shows nothing, half an answer or noise is passed over")
  void readsPastWithheldAndTruncatedAnswers() throws IOException {
    int[] asked = new int[1];
    followsPastALiar(
        question -> {
          Bytes truth = new Reader(ledger.store()).answer(question);
          return switch (asked[0]++ % 3) {
            case 0 -> Bytes.EMPTY;
            case 1 -> truth.slice(0, truth.size() / 2);
            default -> Bytes.utf8("noise");
          };
        });
    var silent = registry.find("ledger_follower_unanswered").tag("peer", "r1").counter();
    assertTrue(silent != null && silent.count() >= 1);
  }

  @Test
  void readsPastAnErrorAndAReplicaThatIsDown() throws IOException {
    LoggedHead head = ledger.append(900).head();
    replicas.set(
        1,
        SampleReplicas.of(
            head,
            question -> {
              throw new IOException("no");
            }));
    replicas.set(2, SampleReplicas.correct(ledger, head));
    replicas.set(3, SampleReplicas.correct(ledger, head));
    try (Follower follower = start()) {
      assertTrue(covers(follower, 901));
    }
  }

  @Test
  void goesOnAfterARestartFromWhatItVerified() throws IOException {
    replicas.setAll(N, SampleReplicas.correct(ledger, ledger.append(600).head()));
    try (Follower follower = start()) {
      assertTrue(covers(follower, 601));
    }
    int before = replicas.questions(0) + replicas.questions(1);
    SampleReplicas down = new SampleReplicas();
    try (Follower alone =
        Follower.start(directory.resolve("copy"), ledger.genesis(), down, QUICK, registry)) {
      assertEquals(601, alone.verifiedSize());
      assertEquals(OptionalLong.of(600), alone.find("ci@example.com", ledger.id(600)));
    }
    replicas.setAll(N, SampleReplicas.correct(ledger, ledger.append(5).head()));
    try (Follower follower = start()) {
      assertTrue(covers(follower, 606));
      assertTrue(replicas.questions(0) + replicas.questions(1) <= before + 2);
    }
  }

  @Test
  void refusesACopyOfAnotherLedgerAndADamagedOne() throws IOException {
    replicas.setAll(N, SampleReplicas.correct(ledger, ledger.append(300).head()));
    start().close();
    try (Follower follower = start()) {
      assertTrue(covers(follower, 301));
    }
    try (SampleLedger other = SampleLedger.stranger(directory.resolve("other"), N)) {
      IOException e =
          assertThrows(
              DamagedStoreException.class,
              () ->
                  Follower.start(
                      directory.resolve("copy"), other.genesis(), replicas, QUICK, registry));
      assertTrue(String.valueOf(e.getMessage()).contains("isn't signed by this ledger"));
    }
    Path index = directory.resolve("copy/store/index");
    try (FileChannel file = FileChannel.open(index, StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 100);
    }
    assertThrows(DamagedStoreException.class, this::start);
  }

  @Test
  @DisplayName("S71 two heads that a quorum signed and that contradict each other are a fork")
  void stopsAtAForkAndKeepsBothHeads() throws IOException {
    long second = ledger.append(99).timeMicros() / 1_000_000;
    LoggedHead first = ledger.head();
    replicas.setAll(N, SampleReplicas.correct(ledger, first));
    // The same keys signed another history: r0, r2 and r3 twice
    try (SampleLedger fork = SampleLedger.create(directory.resolve("fork"), N);
        Follower follower = start()) {
      assertTrue(covers(follower, 100));
      fork.store().append(List.of(fork.event("stream-1", "never happened")));
      fork.append(200);
      LoggedHead other = fork.head(fork.store().head(), second + 60, 0, 2, 3);
      replicas.setAll(N, SampleReplicas.correct(fork, other));
      await(() -> follower.state() == FollowerState.HALTED);
      assertEquals(100, follower.verifiedSize());
      assertEquals(ledger.store().envelope(99), follower.store().envelope(99));
      String evidence = Files.readString(directory.resolve("copy/evidence/heads-0-100-202.json"));
      assertTrue(evidence.contains("\"replicas\":[\"0\",\"2\",\"3\"]"), evidence);
      assertTrue(evidence.contains("\"size\":\"100\""), evidence);
    }
    replicas.setAll(N, SampleReplicas.correct(ledger, ledger.append(1).head()));
    try (Follower follower = start()) {
      assertEquals(FollowerState.HALTED, follower.state());
      assertEquals(100, follower.verifiedSize());
    }
  }

  @Test
  @DisplayName("S71 another root at a size that the copy covers already is a fork")
  void stopsAtASmallerHeadWithAnotherRoot() throws IOException {
    ledger.append(50);
    replicas.setAll(N, SampleReplicas.correct(ledger, ledger.head()));
    try (Follower follower = start()) {
      assertTrue(covers(follower, 51));
      TreeHead other = new TreeHead(20, Digest.sha256(Bytes.utf8("another history")));
      replicas.set(2, SampleReplicas.correct(ledger, ledger.head(other, 0, 1, 2, 3)));
      await(() -> follower.state() == FollowerState.HALTED);
      assertTrue(Files.exists(directory.resolve("copy/evidence/heads-0-51-20.json")));
    }
  }

  @Test
  void stopsAtAnEntryThatNoCorrectReplicaAppends() throws IOException {
    ledger.append(5);
    // A gap in the stream's numbering, signed by everybody
    LedgerEntry gap = SampleLedger.entry("stream-1", 77, ledger.timeMicros(), Bytes.utf8("a gap"));
    ledger.store().append(List.of(gap));
    replicas.setAll(N, SampleReplicas.correct(ledger, ledger.head()));
    try (Follower follower = start()) {
      await(() -> follower.state() == FollowerState.HALTED);
      assertEquals(0, follower.verifiedSize());
    }
  }

  private static Bytes only(LedgerEntry entry) {
    StoredPayload payload = new StoredPayload.Present(entry.salt(), entry.content());
    List<StoredEntry> entries = List.of(new StoredEntry(0, entry.envelope(), payload));
    return new Answer.Entries(entries, new RangeProof(0, 1, 1, List.of())).encode();
  }

  @Test
  void refusesOtherGenesisUnderTheSameKeys() throws IOException {
    try (SampleLedger other = SampleLedger.create(directory.resolve("bare"), N)) {
      LedgerEntry first =
          SampleLedger.entry("stream-1", 0, other.timeMicros(), Bytes.utf8("no genesis"));
      TreeHead tree = new TreeHead(1, Envelope.leafHash(first.envelope()));
      replicas.setAll(N, SampleReplicas.of(other.head(tree, 1), question -> only(first)));
      try (Follower follower = start()) {
        await(() -> follower.state() == FollowerState.HALTED);
        assertEquals(0, follower.store().size());
      }
    }
  }

  @Test
  void findsNothingBeyondTheHead() throws IOException {
    // A chunk of a head that never comes whole: verified, but not covered
    ledger.append(400);
    LoggedHead head = ledger.head();
    replicas.setAll(
        N,
        SampleReplicas.of(
            head,
            question ->
                question.at(6) == 0 ? new Reader(ledger.store()).answer(question) : Bytes.EMPTY));
    RequestId early = ledger.id(10);
    try (Follower follower = start()) {
      await(() -> follower.store().size() >= 256);
      assertEquals(OptionalLong.empty(), follower.find("ci@example.com", early));
      assertEquals(0, follower.verifiedSize());
      replicas.setAll(N, SampleReplicas.correct(ledger, head));
      assertTrue(covers(follower, 401));
      assertEquals(OptionalLong.of(10), follower.find("ci@example.com", early));
      assertTrue(follower.store().payload(10) instanceof StoredPayload.Present);
      assertEquals(
          CompactRange.of(401, ledger.store()).root(), follower.head().orElseThrow().root());
    }
  }

  @Test
  @DisplayName("S56 a disk that fails pauses the copy, and it goes on by itself")
  void goesOnWhenTheDiskWorksAgain() throws IOException {
    replicas.setAll(N, SampleReplicas.correct(ledger, ledger.append(100).head()));
    Path blocked = directory.resolve("copy/ids.parts.new");
    try (Follower follower = start()) {
      assertTrue(covers(follower, 101));
      await(() -> Files.exists(directory.resolve("copy/ids.parts")));
      // The index can't be written from here on
      Files.createDirectories(blocked.resolve("in-the-way"));
      replicas.setAll(N, SampleReplicas.correct(ledger, ledger.append(100).head()));
      await(() -> follower.state() == FollowerState.PAUSED);
      assertTrue(registry.get("ledger_follower_disk_failures").counter().count() >= 1);
      Files.delete(blocked.resolve("in-the-way"));
      Files.delete(blocked);
      await(() -> follower.state() == FollowerState.FOLLOWING);
      assertTrue(covers(follower, 201));
      assertEquals(ledger.store().payload(200), follower.store().payload(200));
      assertEquals(OptionalLong.of(200), follower.find("ci@example.com", ledger.id(200)));
    }
    try (Follower follower = start()) {
      assertEquals(201, follower.verifiedSize());
    }
  }
}
