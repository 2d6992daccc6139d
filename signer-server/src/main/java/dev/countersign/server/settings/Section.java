package dev.countersign.server.settings;

import dev.countersign.core.model.InvalidValueException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One level of the configuration file. A key that is read is a key there is; [#end] refuses the
/// others.
final class Section {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})(ms|s|min)");

  private final Origin origin;
  private final String path;
  private final Map<String, Object> values;
  private final TreeSet<String> known = new TreeSet<>();

  /// @param known every key that was looked for, by its full path, with what counts where it is
  /// absent; [#REQUIRED] where nothing does
  record Origin(Path file, Map<String, String> known) {}

  static final String REQUIRED = "required";

  private Section(Origin origin, String path, Map<String, Object> values) {
    this.origin = origin;
    this.path = path;
    this.values = values;
  }

  static Section root(Origin origin, @Nullable Object document) {
    return of(origin, "", document == null ? Map.of() : document);
  }

  private static Section of(Origin origin, String path, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new SettingsException(origin.file(), path, "expected keys and values");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((key, inner) -> values.put(String.valueOf(key), inner));
    return new Section(origin, path, values);
  }

  /// A part of its own; all its keys are absent where it is.
  Section section(String key) {
    known.add(key);
    Object value = values.get(key);
    return of(origin, full(key), value == null ? Map.of() : value);
  }

  boolean has(String key) {
    known.add(key);
    return values.get(key) != null;
  }

  /// A list with at least one element, each a part of its own.
  List<Section> sections(String key) {
    List<Section> found = new ArrayList<>();
    int number = 0;
    for (Object value : list(key)) {
      found.add(of(origin, full(key) + "[" + number++ + "]", value));
    }
    return found;
  }

  /// A list of texts with at least one element.
  <T> List<T> each(String key, Function<String, T> parse) {
    note(full(key), REQUIRED);
    List<T> found = new ArrayList<>();
    for (Object value : list(key)) {
      found.add(parsed(key, asText(key, value), parse));
    }
    return found;
  }

  /// A list of texts with at least one element, or none.
  ///
  /// @param shown what the documentation calls none
  <T> List<T> each(String key, String shown, Function<String, T> parse) {
    List<T> found = has(key) ? each(key, parse) : List.of();
    note(full(key), shown);
    return found;
  }

  String text(String key) {
    return value(key, Function.identity());
  }

  <T> T value(String key, Function<String, T> parse) {
    note(full(key), REQUIRED);
    return parsed(key, asText(key, present(key)), parse);
  }

  /// @param shown what the documentation calls the fallback
  String text(String key, String fallback, String shown) {
    note(full(key), shown);
    Object value = optional(key);
    return value == null ? fallback : asText(key, value);
  }

  String text(String key, String fallback) {
    return text(key, fallback, fallback);
  }

  boolean flag(String key, boolean fallback) {
    note(full(key), Boolean.toString(fallback));
    Object value = optional(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "expected true or false, got %s".formatted(value));
  }

  int integer(String key, int fallback, int least, int most) {
    note(full(key), Integer.toString(fallback));
    Object value = optional(key);
    return value == null ? fallback : bounded(key, value, least, most);
  }

  int integer(String key, int least, int most) {
    note(full(key), REQUIRED);
    return bounded(key, present(key), least, most);
  }

  private int bounded(String key, Object value, int least, int most) {
    if (value instanceof Integer number && number >= least && number <= most) {
      return number;
    }
    throw wrong(key, "expected an integer from %d to %d, got %s".formatted(least, most, value));
  }

  Duration duration(String key, String fallback) {
    note(full(key), fallback);
    Object value = optional(key);
    String text = value == null ? fallback : String.valueOf(value);
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw wrong(key, "expected a duration such as 500ms, 30s or 2min, got \"" + text + "\"");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMinutes(number);
    };
  }

  /// A file or directory; a relative one starts where the configuration file is.
  Path path(String key) {
    return resolve(text(key));
  }

  Optional<Path> optionalPath(String key, String shown) {
    String text = text(key, "", shown);
    return text.isEmpty() ? Optional.empty() : Optional.of(resolve(text));
  }

  private Path resolve(String text) {
    return origin.file().toAbsolutePath().resolveSibling(text).normalize();
  }

  SettingsException wrong(String key, String problem) {
    return new SettingsException(origin.file(), full(key), problem);
  }

  /// Refuses what was never asked for.
  void end() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw wrong(key, "unknown key; there are " + String.join(", ", known));
      }
    }
  }

  private List<?> list(String key) {
    if (present(key) instanceof List<?> list && !list.isEmpty()) {
      return list;
    }
    throw wrong(key, "expected a list with at least one element");
  }

  private <T> T parsed(String key, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (InvalidValueException e) {
      throw wrong(key, "expected " + e.expected() + ", got \"" + text + "\"");
    }
  }

  /// Only what YAML reads as text: an unquoted 0123 or 1e3 is a number by then, and not what was
  /// written.
  private String asText(String key, Object value) {
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    throw wrong(key, "expected text; put it into quotes");
  }

  private Object present(String key) {
    Object value = optional(key);
    if (value == null) {
      throw wrong(key, "missing");
    }
    return value;
  }

  private @Nullable Object optional(String key) {
    known.add(key);
    return values.get(key);
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private void note(String fullPath, String fallback) {
    origin.known().put(fullPath.replaceAll("\\[[0-9]+]", "[]"), fallback);
  }
}
