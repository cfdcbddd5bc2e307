package io.tallystick.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.config.Token.Claims;
import io.tallystick.config.Token.Reason;
import io.tallystick.config.Token.Scope;
import io.tallystick.config.Token.Verdict;
import io.tallystick.crypto.PrivateKey;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenTest {
  private static final PrivateKey KEY = PrivateKey.ofSeed(new byte[32]);
  private static final Claims CLAIMS =
      new Claims(
          "ci@example.com",
          Set.of(Scope.APPEND, Scope.READ),
          List.of(new NamePattern("ci-*"), new NamePattern("audit")),
          2_000_000L);

  @Test
  void saysWhatItWasIssuedFor() {
    String token = Token.issue(KEY, CLAIMS);
    assertEquals(
        new Verdict.Valid(CLAIMS),
        Token.verify(KEY.publicKey(), token, CLAIMS.expiresMicros() - 1));
    assertTrue(CLAIMS.allows(Scope.APPEND, "ci-7"));
    assertTrue(CLAIMS.allows(Scope.READ, "audit"));
    assertFalse(CLAIMS.allows(Scope.READ, "audit2"));
    assertFalse(CLAIMS.allows(Scope.ORDERS, "audit"));
  }

  @Test
  void expires() {
    assertEquals(
        new Verdict.Refused(Reason.EXPIRED),
        Token.verify(KEY.publicKey(), Token.issue(KEY, CLAIMS), CLAIMS.expiresMicros()));
  }

  @Test
  void holdsForOneKeyAlone() {
    byte[] seed = new byte[32];
    seed[31] = 1;
    assertEquals(
        new Verdict.Refused(Reason.BAD_SIGNATURE),
        Token.verify(PrivateKey.ofSeed(seed).publicKey(), Token.issue(KEY, CLAIMS), 0));
  }

  @Test
  void refusesEveryChangedCharacter() {
    String token = Token.issue(KEY, CLAIMS);
    for (int i = 0; i < token.length(); i++) {
      for (char other : new char[] {'A', '7', '.', ' ', '=', '\u00e4'}) {
        if (token.charAt(i) != other) {
          String changed = token.substring(0, i) + other + token.substring(i + 1);
          Verdict verdict = Token.verify(KEY.publicKey(), changed, 0);
          assertTrue(verdict instanceof Verdict.Refused, changed);
        }
      }
    }
  }

  @Test
  void refusesWhatIsNoToken() {
    for (String text : List.of("", ".", "a.b", "x".repeat(10_000), "e30." + "A".repeat(86))) {
      assertTrue(Token.verify(KEY.publicKey(), text, 0) instanceof Verdict.Refused, text);
    }
  }

  @Test
  void refusesClaimsThatNobodyCouldHold() {
    List<NamePattern> all = List.of(new NamePattern("*"));
    for (String principal : List.of("", "a\nb", "_system", "x".repeat(256))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Claims(principal, Set.of(Scope.READ), all, 1),
          principal);
    }
    assertThrows(IllegalArgumentException.class, () -> new Claims("a", Set.of(), all, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new Claims("a", Set.of(Scope.READ), List.of(), 1));
  }
}
