package io.tallystick.bft.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.engine.Now;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Full;
import io.tallystick.bft.message.ClientMessage.Greeting;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.crypto.Bytes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BundleClientTest {
  private static final long DEADLINE = ClientWorld.START_MICROS + 20_000_000;
  private static final List<Outcome> AT_41 = List.of(Outcome.committed(41));
  private static final List<Outcome> AT_66 = List.of(Outcome.committed(66));

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 10, 13})
  void isDoneAtFPlus1RepliesAndHoldsAReceiptAtAQuorum(int n) {
    ClientWorld world = new ClientWorld(n).ready();
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    world.submit(bundle);
    assertEquals(n, world.news().size());
    int f = world.membership.f();
    int quorum = world.membership.quorum();

    world.receive(0, ClientWorld.full(0, bundle, 5, AT_41));
    for (int i = 1; i < quorum; i++) {
      List<String> before = i == f + 1 ? List.of("decided [COMMITTED@41]") : List.of();
      assertEquals(before, world.news());
      world.receive(i, ClientWorld.reply(i, bundle, 5, AT_41));
    }
    List<ReplicaId> signers = world.membership.ids().subList(0, quorum);
    assertEquals(List.of("receipt [COMMITTED@41] in 105 by " + signers), world.news());
    assertEquals(0, world.client.inFlight());
    world.receive(quorum % n, ClientWorld.reply(quorum % n, bundle, 5, AT_41));
    world.pass(200_000);
    assertEquals(List.of(), world.news());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7})
  @DisplayName("S67 f lying repliers with an outcome of their own decide nothing")
  void isNotMisledByFLiarsAboutOutcomes(int n) {
    ClientWorld world = new ClientWorld(n).ready();
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    world.submit(bundle);
    world.news();
    int f = world.membership.f();
    for (int i = 0; i < f; i++) {
      world.receive(i, ClientWorld.full(i, bundle, 5, AT_66));
    }
    assertEquals(List.of(), world.news());
    for (int i = f; i < n; i++) {
      world.receive(i, ClientWorld.reply(i, bundle, 5, AT_41));
    }
    List<String> news = world.news();
    assertTrue(news.contains("decided [COMMITTED@41]"), news.toString());
    for (int i = 0; i < f; i++) {
      assertTrue(news.contains("liar r" + i + " OTHER_OUTCOME"), news.toString());
    }
    assertFalse(news.toString().contains("66"), news.toString());
    assertTrue(news.contains("r1 <- ask full"), news.toString());
    for (int i = 1; i < n; i++) {
      world.receive(i, ClientWorld.full(i, bundle, 5, AT_41));
      world.pass(700);
    }
    assertTrue(world.news().toString().contains("receipt [COMMITTED@41] in 105"));
  }

  @Test
  @DisplayName("S67 a forged cosignature doesn't count towards the quorum")
  void countsOnlyCosignaturesThatVerify() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    world.submit(bundle);
    world.news();
    world.receive(0, ClientWorld.full(0, bundle, 5, AT_41));
    world.receive(1, ClientWorld.reply(1, bundle, 5, AT_41));
    BundleReply honest = ClientWorld.reply(2, bundle, 5, AT_41);
    BundleReply stolen = ClientWorld.reply(1, bundle, 5, AT_41);
    BundleReply forged =
        new BundleReply(
            honest.tip(),
            honest.bundle(),
            AT_41,
            ClientWorld.cosignature(2, ClientWorld.head(999)),
            Optional.empty());
    BundleReply bad =
        new BundleReply(
            honest.tip(),
            honest.bundle(),
            AT_41,
            new HeadCosignature(
                new ReplicaId(2),
                honest.head().head(),
                1_000,
                ClientWorld.sign("r1", honest.head().head())),
            Optional.empty());
    world.receive(2, stolen);
    world.receive(2, bad);
    assertEquals(
        List.of("decided [COMMITTED@41]", "liar r2 MISFIT", "liar r2 BAD_COSIGNATURE"),
        world.news());
    world.receive(2, forged);
    assertEquals(List.of(), world.news());
    world.receive(3, ClientWorld.reply(3, bundle, 5, AT_41));
    assertEquals(List.of("receipt [COMMITTED@41] in 105 by [r0, r1, r3]"), world.news());
  }

  @Test
  @DisplayName("S67 a forged appendix is found out, and the next replica asked at once")
  void asksTheNextReplicaWhenAnAppendixIsForged() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(2, 1, DEADLINE);
    world.submit(bundle);
    world.news();
    BundleReply honest = ClientWorld.full(2, bundle, 5, AT_41);
    Full forged = new Full(honest.full().orElseThrow().logSignature(), Bytes.utf8("of others"));
    world.receive(
        2,
        new BundleReply(honest.tip(), bundle.digest(), AT_41, honest.head(), Optional.of(forged)));
    world.receive(0, ClientWorld.reply(0, bundle, 5, AT_41));
    world.receive(1, ClientWorld.reply(1, bundle, 5, AT_41));
    assertEquals(
        List.of("decided [COMMITTED@41]", "liar r2 BAD_APPENDIX", "r3 <- ask full"), world.news());
    world.receive(3, ClientWorld.full(3, bundle, 5, AT_41));
    assertEquals(List.of("receipt [COMMITTED@41] in 105 by [r0, r1, r2, r3]"), world.news());
  }

  @Test
  @DisplayName("S67 a full replier that withholds the answer is passed over after a while")
  void passesOverASlowFullReplier() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(3, 1, DEADLINE);
    world.submit(bundle);
    for (int i = 0; i < 3; i++) {
      world.receive(i, ClientWorld.reply(i, bundle, 5, AT_41));
    }
    world.news();
    world.pass(300);
    assertEquals(List.of(), world.news());
    world.pass(400);
    assertTrue(world.news().contains("r0 <- ask full"));
    world.pass(700);
    assertTrue(world.news().contains("r1 <- ask full"));
    world.receive(1, ClientWorld.full(1, bundle, 5, AT_41));
    assertEquals(List.of("receipt [COMMITTED@41] in 105 by [r0, r1, r2]"), world.news());
  }

  @Test
  void takesAnAnswerInFullOnlyFromWhomItIsDue() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(3, 1, DEADLINE);
    world.submit(bundle);
    for (int i = 0; i < 3; i++) {
      world.receive(i, ClientWorld.full(i, bundle, 5, AT_41));
    }
    assertFalse(world.news().toString().contains("receipt"));
    world.receive(3, ClientWorld.full(3, bundle, 5, AT_41));
    assertEquals(List.of("receipt [COMMITTED@41] in 105 by [r0, r1, r2, r3]"), world.news());
  }

  @Test
  void reportsProofThatCannotBeHadThroughReplies() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(3, 1, DEADLINE);
    world.submit(bundle);
    for (int i = 0; i < 3; i++) {
      world.receive(i, ClientWorld.reply(i, bundle, 5 + i, AT_41));
    }
    assertTrue(world.news().contains("decided [COMMITTED@41]"));
    world.pass(9_000);
    List<String> news = world.news();
    assertTrue(news.contains("r3 <- submit"), news.toString());
    assertEquals("unproven [COMMITTED@41]", news.getLast());
    assertEquals(0, world.client.inFlight());
  }

  @Test
  void followsRepliesOfALaterBatchAndIgnoresOvertakenOnes() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    world.submit(bundle);
    world.news();
    world.receive(0, ClientWorld.full(0, bundle, 9, AT_41));
    world.receive(1, ClientWorld.reply(1, bundle, 9, AT_41));
    world.receive(2, ClientWorld.reply(2, bundle, 5, AT_41));
    world.receive(1, ClientWorld.reply(1, bundle, 5, AT_41));
    world.receive(2, ClientWorld.reply(2, bundle, 9, AT_41));
    world.receive(2, ClientWorld.reply(2, bundle, 9, AT_41));
    assertEquals(
        List.of("decided [COMMITTED@41]", "receipt [COMMITTED@41] in 109 by [r0, r1, r2]"),
        world.news());
  }

  @Test
  void namesAReplicaThatContradictsItself() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    world.submit(bundle);
    world.news();
    world.receive(1, ClientWorld.reply(1, bundle, 5, AT_41));
    world.receive(1, ClientWorld.reply(1, bundle, 5, AT_66));
    assertEquals(List.of("liar r1 CONTRADICTION"), world.news());
  }

  @Test
  void keepsBundlesWithDifferentHeadsApart() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle one = world.bundle(0, 1, DEADLINE);
    Bundle two = world.bundle(1, 1, DEADLINE);
    world.submit(one);
    world.submit(two);
    world.news();
    for (int i = 0; i < 3; i++) {
      world.receive(i, ClientWorld.full(i, two, 6, AT_66));
    }
    for (int i = 0; i < 3; i++) {
      world.receive(i, ClientWorld.full(i, one, 5, AT_41));
    }
    assertEquals(
        List.of(
            "decided [COMMITTED@66]",
            "receipt [COMMITTED@66] in 106 by [r0, r1, r2]",
            "decided [COMMITTED@41]",
            "receipt [COMMITTED@41] in 105 by [r0, r1, r2]"),
        world.news());
  }

  @Test
  void endsWithoutAProofWhenNothingTookEffect() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    world.submit(bundle);
    world.news();
    List<Outcome> rejected = List.of(Outcome.refused(OutcomeKind.NOT_GRANTED, "no grant"));
    world.receive(3, ClientWorld.reply(3, bundle, 5, rejected));
    world.receive(1, ClientWorld.reply(1, bundle, 5, rejected));
    assertEquals(List.of("decided [NOT_GRANTED@0]", "ended [NOT_GRANTED@0]"), world.news());
  }

  @Test
  void sendsAgainOnlyToThoseThatDidNotAnswerAndEverMoreRarely() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    world.submit(bundle);
    world.receive(2, ClientWorld.reply(2, bundle, 5, AT_41));
    world.news();
    world.pass(1_300);
    assertEquals(List.of("r0 <- submit", "r1 <- submit", "r3 <- submit"), sorted(world.news()));
    world.pass(1_000);
    assertEquals(List.of(), world.news());
    world.pass(1_600);
    assertEquals(List.of("r0 <- submit", "r1 <- submit", "r3 <- submit"), sorted(world.news()));
  }

  @Test
  void sendsAtOnceToAReplicaThatCameBack() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    world.submit(bundle);
    world.news();
    world.step(new ClientEvent.Reachable(new ReplicaId(1), false));
    world.step(new ClientEvent.Reachable(new ReplicaId(1), true));
    world.step(new ClientEvent.Reachable(new ReplicaId(2), true));
    assertEquals(List.of("r1 <- submit"), world.news());
  }

  @Test
  void retriesARefusedBundleWhenItWasToldTo() {
    ClientWorld world = new ClientWorld(4).ready();
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    world.submit(bundle);
    world.news();
    for (int i = 0; i < 4; i++) {
      world.refuse(i, bundle, RefusalReason.CLIENT_QUOTA, 200);
    }
    world.pass(300);
    assertEquals(4, world.news().size());
    for (int i = 0; i < 4; i++) {
      world.refuse(i, bundle, RefusalReason.TOTAL_QUOTA, 200);
    }
    world.pass(250);
    assertEquals(List.of(), world.news());
    world.pass(300);
    assertEquals(4, world.news().size());
  }

  @Test
  void believesFPlus1ThatABundleIsMalformedAndNotF() {
    ClientWorld world = new ClientWorld(7).ready();
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    world.submit(bundle);
    world.news();
    world.refuse(1, bundle, RefusalReason.MALFORMED, 0);
    world.refuse(1, bundle, RefusalReason.MALFORMED, 0);
    world.refuse(4, bundle, RefusalReason.MALFORMED, 0);
    assertEquals(List.of(), world.news());
    world.refuse(2, bundle, RefusalReason.MALFORMED, 0);
    assertEquals(List.of("refused MALFORMED"), world.news());
  }

  @Test
  void takesOnlyAsManyBundlesAsItMay() {
    ClientWorld world = new ClientWorld(4).ready();
    for (int i = 0; i < 8; i++) {
      world.submit(world.bundle(0, i + 1, DEADLINE));
    }
    assertFalse(world.client.hasRoom());
    world.news();
    world.submit(world.bundle(0, 9, DEADLINE));
    world.submit(world.bundle(0, 8, DEADLINE));
    assertEquals(List.of("refused NO_ROOM", "refused DUPLICATE"), world.news());
    world.step(new ClientEvent.Abandon(world.bundle(0, 8, DEADLINE).digest()));
    assertTrue(world.client.hasRoom());
  }

  @Test
  void believesTheFPlus1thLargestLedgerTime() {
    ClientWorld world = new ClientWorld(4);
    world.receive(0, new Greeting(new Tip(0, 1, 900)));
    assertTrue(world.client.ledgerMicros().isEmpty());
    world.receive(1, new Greeting(new Tip(0, 1, 5)));
    assertEquals(5, world.client.ledgerMicros().orElseThrow());
    world.receive(2, new Greeting(new Tip(0, 1, 7)));
    world.receive(3, new Greeting(new Tip(0, 1, 8)));
    assertEquals(8, world.client.ledgerMicros().orElseThrow());
    world.receive(3, new Greeting(new Tip(0, 1, 1)));
    assertEquals(8, world.client.ledgerMicros().orElseThrow());
    Now later = new Now(world.ticks + 3, 0);
    assertEquals(3_008, world.client.expectedLedgerMicros(later).orElseThrow());
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }
}
