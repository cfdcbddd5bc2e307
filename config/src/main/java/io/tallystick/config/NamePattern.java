package io.tallystick.config;

/**
 * Which names a grant or a token covers: one name, all that begin with a prefix ({@code prefix*}),
 * or all ({@code *}).
 *
 * @param text as written
 */
public record NamePattern(String text) {

  /**
   * @throws IllegalArgumentException when it isn't one: empty, too long, a star elsewhere than at
   *     the end, or a control character
   */
  public NamePattern {
    int star = text.indexOf('*');
    if (text.isEmpty()
        || text.length() > 256
        || star >= 0 && star != text.length() - 1
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" (expected: a name, a prefix followed by *, or * alone)");
    }
  }

  /** Whether {@code name} is covered. */
  public boolean matches(String name) {
    int last = text.length() - 1;
    return text.charAt(last) == '*' ? name.startsWith(text.substring(0, last)) : name.equals(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
