package io.tallystick.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.crypto.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {
  private static final int MAX = 1 << 16;

  @Test
  void sortsKeysByUtf16CodeUnits() throws JsonException {
    // RFC 8785 3.2.3's example, its keys as one object.
    String text =
        "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew\","
            + "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji\",\"\\u0080\":\"Control\","
            + "\"\\u00f6\":\"Latin\"}";
    String canonical = CanonicalJson.parse(Bytes.utf8(text), MAX).toString();
    List<Integer> places = new ArrayList<>();
    for (String name : List.of("Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew")) {
      places.add(canonical.indexOf(name));
    }
    assertEquals(places.stream().sorted().toList(), places);
  }

  @Test
  void writesTheShortestEscapes() {
    JsonObject value = new JsonObject().put("a", "\u20ac$\u000f\nA'B\"\\\\\"/\b\t\f\r\u007f");
    assertEquals(
        "{\"a\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\t\\f\\r\u007f\"}", value.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}x | offset 2",
        "{} {} | offset 3",
        "[1] | expected: an object",
        "{`a`:1,`a`:2} | a: key given twice",
        "{`a`:{`b`:[1,{`c`:1,`c`:1}]}} | a.b[1].c: key given twice",
        "{`a`:1.0} | not an integer",
        "{`a`:1e3} | not an integer",
        "{`a`:01} | not an integer",
        "{`a`:-0} | not an integer",
        "{`a`:-} | not an integer",
        "{`a`:9007199254740992} | too large",
        "{`a`:tru} | an unknown word",
        "{`a`:1,} | expected: a key in quotes",
        "{`a` 1} | expected: ':'",
        "{`a`:`\\x`} | unknown escape",
        "{`a`:`\\ud800`} | half of a surrogate pair",
        "{`a`:`\\u12g4`} | four hex digits",
        "{`a`:`b | the document ends inside a string",
        "{`a`:[1 2]} | expected: ','",
        "{`a`: | the document ends",
      })
  void refusesBadSyntaxAndSaysWhere(String text, String problem) {
    Bytes document = Bytes.utf8(text.replace('`', '"'));
    JsonException e = assertThrows(JsonException.class, () -> CanonicalJson.parse(document, MAX));
    assertTrue(e.toString().contains(problem), e::toString);
  }

  @Test
  void refusesRawControlCharactersAndBrokenUtf8() {
    for (byte[] bad :
        List.of(
            "{\"a\":\"\n\"}".getBytes(StandardCharsets.UTF_8),
            new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'},
            new byte[] {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'})) {
      assertThrows(JsonException.class, () -> CanonicalJson.parse(Bytes.wrap(bad), MAX));
    }
  }

  @Test
  void namesTheLineOfAFault() {
    JsonException e =
        assertThrows(
            JsonException.class,
            () -> CanonicalJson.parse(Bytes.utf8("{\n \"a\": 1,\n \"b\": x\n}"), MAX));
    assertEquals(3, e.line());
    assertEquals("b", e.path());
  }

  @Test
  void boundsDepthAndSize() throws JsonException {
    String deep = "{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}";
    assertEquals(deep, CanonicalJson.parse(Bytes.utf8(deep), MAX).toString());
    String deeper = "{\"a\":" + "[".repeat(100_000);
    assertThrows(JsonException.class, () -> CanonicalJson.parse(Bytes.utf8(deeper), 1 << 20));
    assertThrows(JsonException.class, () -> CanonicalJson.parse(Bytes.utf8("{\"a\":1}"), 6));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{ `a`:1} | offset 1",
        "{`b`:1,`a`:2} | offset 2",
        "{`a`:`\\/`} | offset 6",
        "{`a`:`\\u0041`} | offset 6",
        "{`a`:1}  | offset 7",
      })
  void namesTheFirstByteThatIsNotCanonical(String text, String place) {
    Bytes document = Bytes.utf8(text.replace('`', '"') + (place.equals("offset 7") ? "\n" : ""));
    JsonException e =
        assertThrows(JsonException.class, () -> CanonicalJson.parseCanonical(document, MAX));
    assertTrue(e.toString().contains(place), e::toString);
  }

  @Test
  void refusesToWriteWhatIsOutsideTheSubset() {
    assertThrows(
        IllegalArgumentException.class,
        () -> CanonicalJson.write(new JsonObject().put("a", 1L << 53)));
    assertThrows(
        IllegalArgumentException.class,
        () -> CanonicalJson.write(new JsonObject().put("a", "\ud800")));
    assertThrows(
        IllegalArgumentException.class,
        () -> CanonicalJson.write(new JsonObject().put("a", List.of(1.5))));
  }

  @Test
  void readsBackWhateverItWrites() throws JsonException {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      JsonObject value = object(random, 0);
      Bytes bytes = CanonicalJson.write(value);
      JsonObject back = CanonicalJson.parseCanonical(bytes, MAX * 16);
      assertEquals(value, back);
      assertEquals(bytes, CanonicalJson.write(back));
    }
  }

  @Test
  void answersMutatedDocumentsWithATypedRefusalOrAValue() {
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = CanonicalJson.write(object(random, 2)).toArray();
      for (int change = random.nextInt(3); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        Bytes document = Bytes.wrap(bytes);
        JsonObject value = CanonicalJson.parseCanonical(document, MAX);
        assertEquals(document, CanonicalJson.write(value));
      } catch (JsonException e) {
        assertTrue(e.offset() >= 0 && e.offset() <= bytes.length, e::toString);
        refused++;
      }
    }
    assertTrue(refused > 50_000, "refused " + refused);
  }

  private static JsonObject object(Random random, int depth) {
    JsonObject object = new JsonObject();
    for (int i = random.nextInt(5); i > 0; i--) {
      String key = string(random);
      switch (random.nextInt(depth > 3 ? 4 : 6)) {
        case 0 -> object.put(key, string(random));
        case 1 -> object.put(key, random.nextLong() >> 11 + random.nextInt(50));
        case 2 -> object.put(key, random.nextBoolean());
        case 3 -> object.putNull(key);
        case 4 -> object.put(key, object(random, depth + 1));
        default ->
            object.put(key, List.of(object(random, depth + 1), string(random), random.nextInt()));
      }
    }
    return object;
  }

  private static String string(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      int limit = random.nextInt(4) == 0 ? Character.MAX_CODE_POINT + 1 : 0x180;
      int codePoint = random.nextInt(limit);
      text.appendCodePoint(codePoint >= 0xd800 && codePoint <= 0xdfff ? '?' : codePoint);
    }
    return text.toString();
  }
}
