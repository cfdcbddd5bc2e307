package io.tallystick.ledger.entry;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void knowsStreams() {
    assertTrue(Names.isStream("a"));
    assertTrue(Names.isStream("0a.b_c-d"));
    assertTrue(Names.isStream("a".repeat(128)));
    for (String wrong : new String[] {"", "_system", ".a", "-a", "A", "a b", "a/b", "ä"}) {
      assertFalse(Names.isStream(wrong), wrong);
    }
    assertFalse(Names.isStream("a".repeat(129)));
  }

  @Test
  void knowsPrincipalsByTheirBytes() {
    assertTrue(Names.isPrincipal("ci@example.com"));
    assertTrue(Names.isPrincipal("ä".repeat(127)));
    assertFalse(Names.isPrincipal("ä".repeat(128)));
    assertTrue(Names.isPrincipal("\ud83d\ude00".repeat(63)));
    assertFalse(Names.isPrincipal("\ud83d\ude00".repeat(64)));
    for (String wrong : new String[] {"", "a\n", "\u007f", "\u0085", "\ud800", "\udc00\ud800"}) {
      assertFalse(Names.isPrincipal(wrong));
    }
    assertFalse(Names.isPrincipal(Names.SYSTEM));
  }

  @Test
  void knowsContentTypes() {
    assertTrue(Names.isContentType("text/plain; charset=\"utf-8\""));
    assertFalse(Names.isContentType(""));
    assertFalse(Names.isContentType("text/plän"));
    assertFalse(Names.isContentType("a\tb"));
    assertFalse(Names.isContentType("a".repeat(256)));
  }
}
