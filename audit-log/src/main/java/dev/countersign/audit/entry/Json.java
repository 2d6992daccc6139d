package dev.countersign.audit.entry;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// JSON in the canonical form of RFC 8785, as far as entries use it: no null, and no number but
/// small whole ones, so that nobody's floating point can matter.
sealed interface Json {

  /// A string. A lone surrogate, which has no bytes in UTF-8, becomes U+FFFD.
  record Text(String value) implements Json {
    public Text {
      value = wellFormed(value);
    }
  }

  /// A whole number.
  ///
  /// @param value within 2^53, where every JSON reader is exact
  record Whole(long value) implements Json {
    static final long MOST = (1L << 53) - 1;

    public Whole {
      if (value < -MOST || value > MOST) {
        throw new IllegalArgumentException(value + " is not exact in every JSON reader");
      }
    }
  }

  record Flag(boolean value) implements Json {}

  record Items(List<Json> values) implements Json {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// An object; its keys are in the order of their UTF-16 code units (RFC 8785, section 3.2.3).
  record Fields(SortedMap<String, Json> values) implements Json {
    public Fields {
      values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    Fields(Map<String, Json> values) {
      this(new TreeMap<>(values));
    }
  }

  /// The canonical text; its UTF-8 is what is hashed.
  default String canonical() {
    StringBuilder text = new StringBuilder();
    write(this, text);
    return text.toString();
  }

  private static void write(Json json, StringBuilder to) {
    switch (json) {
      case Text(String value) -> writeText(value, to);
      case Whole(long value) -> to.append(value);
      case Flag(boolean value) -> to.append(value);
      case Items(List<Json> values) -> {
        to.append('[');
        String separator = "";
        for (Json value : values) {
          to.append(separator);
          write(value, to);
          separator = ",";
        }
        to.append(']');
      }
      case Fields(SortedMap<String, Json> values) -> {
        to.append('{');
        String separator = "";
        for (Map.Entry<String, Json> field : values.entrySet()) {
          to.append(separator);
          writeText(field.getKey(), to);
          to.append(':');
          write(field.getValue(), to);
          separator = ",";
        }
        to.append('}');
      }
    }
  }

  /// RFC 8785, section 3.2.2.2.
  private static void writeText(String value, StringBuilder to) {
    to.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> to.append("\\\"");
        case '\\' -> to.append("\\\\");
        case '\b' -> to.append("\\b");
        case '\t' -> to.append("\\t");
        case '\n' -> to.append("\\n");
        case '\f' -> to.append("\\f");
        case '\r' -> to.append("\\r");
        default -> {
          if (c < ' ') {
            to.append("\\u00").append(Character.forDigit(c >> 4, 16));
            to.append(Character.forDigit(c & 0xf, 16));
          } else {
            to.append(c);
          }
        }
      }
    }
    to.append('"');
  }

  private static String wellFormed(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        int[] points =
            value.codePoints().map(p -> p >= 0xd800 && p <= 0xdfff ? 0xfffd : p).toArray();
        return new String(points, 0, points.length);
      }
    }
    return value;
  }
}
