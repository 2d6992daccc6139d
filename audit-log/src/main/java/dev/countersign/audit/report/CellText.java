package dev.countersign.audit.report;

/// Makes a text from outside fit to stand in one line of a table, or of a terminal: what would
/// break the line, hide, or turn the direction of writing is written out, and can be read back.
/// Which characters these are is fixed here and does not follow the Unicode version of a JDK, so
/// that a report's bytes do not.
public final class CellText {
  private CellText() {}

  /// {@return the text in one line: `\` becomes `\\`, a character that is not shown becomes
  /// `\{202e}`}
  public static String shown(String text) {
    return visible(text.replace("\\", "\\\\"));
  }

  /// {@return the same for what is looked at and not read back: `\` stays, so that JSON, and what
  /// is [#shown] already, do}
  public static String visible(String text) {
    if (text.codePoints().noneMatch(CellText::isWrittenOut)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (isWrittenOut(point)) {
                shown.append("\\{").append(Integer.toHexString(point)).append('}');
              } else {
                shown.appendCodePoint(point);
              }
            });
    return shown.toString();
  }

  private static boolean isWrittenOut(int point) {
    return point < 0x20 // controls, tab and line ends among them
        || (point >= 0x7f && point <= 0x9f)
        || point == 0xad // soft hyphen
        || point == 0x61c // Arabic letter mark
        || point == 0x180e
        || (point >= 0x200b && point <= 0x200f) // of no width, and marks of direction
        || (point >= 0x2028 && point <= 0x202e) // line ends, and overrides of direction
        || (point >= 0x2060 && point <= 0x206f)
        || (point >= 0xd800 && point <= 0xdfff) // half a character, which has no bytes in UTF-8
        || point == 0xfeff
        || (point >= 0xfff9 && point <= 0xfffb)
        || (point & 0xfffe) == 0xfffe // no characters
        || (point >= 0xe0000 && point <= 0xe0fff); // tags and other invisible ones
  }
}
