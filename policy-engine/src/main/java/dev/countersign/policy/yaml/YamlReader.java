package dev.countersign.policy.yaml;

import dev.countersign.policy.yaml.YamlNode.Entry;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;

/// Reads YAML for files that people review before they trust them. It takes one document of plain
/// mappings, lists and scalars: no anchors or aliases, no tags, no key twice, nothing nested deeper
/// than twenty levels, nothing over four mebibytes, and no characters that make the text look other
/// than it is. Total: any bytes give a tree or a problem.
public final class YamlReader {
  public static final int MOST_BYTES = 4 << 20;
  private static final int DEEPEST = 20;

  /// Direction overrides and isolates, and characters that show as nothing.
  private static final Pattern DECEIVING =
      Pattern.compile("[\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]");

  private final Iterator<Event> events;

  private YamlReader(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MOST_BYTES);
    options.setProcessComments(false);
    this.events = new Yaml(options).parse(new StringReader(text)).iterator();
  }

  /// @return the root, or nothing after adding to `problems` what is wrong
  public static Optional<YamlNode> read(byte[] bytes, Problems problems) {
    try {
      return Optional.of(new YamlReader(decode(bytes)).document());
    } catch (Unreadable e) {
      problems.add(e.at, "", String.valueOf(e.getMessage()));
    } catch (MarkedYAMLException e) {
      Position at = e.getProblemMark() == null ? Position.START : Position.of(e.getProblemMark());
      problems.add(at, "", "not YAML: " + e.getProblem());
    } catch (YAMLException e) {
      problems.add(Position.START, "", "not YAML: " + Shown.text(String.valueOf(e.getMessage())));
    }
    return Optional.empty();
  }

  private static String decode(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new Unreadable(
          Position.START, bytes.length + " bytes, a policy has at most " + MOST_BYTES);
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Unreadable(Position.START, "not UTF-8");
    }
    var deceiving = DECEIVING.matcher(text);
    if (deceiving.find()) {
      String before = text.substring(0, deceiving.start());
      int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
      int column = before.length() - before.lastIndexOf('\n');
      throw new Unreadable(
          new Position(line, column),
          "the invisible character U+%04X makes text look other than it is: remove it"
              .formatted((int) text.charAt(deceiving.start())));
    }
    return text;
  }

  private YamlNode document() {
    Event event = events.next();
    while (!(event instanceof DocumentStartEvent)) {
      if (event instanceof StreamEndEvent) {
        throw new Unreadable(Position.START, "the document is empty");
      }
      event = events.next();
    }
    YamlNode root = node(events.next(), 1);
    events.next();
    Event last = events.next();
    if (!(last instanceof StreamEndEvent)) {
      throw new Unreadable(at(last), "a second document begins here, expected one");
    }
    return root;
  }

  private YamlNode node(Event event, int depth) {
    if (depth > DEEPEST) {
      throw new Unreadable(at(event), "nested deeper than " + DEEPEST + " levels");
    }
    if (event instanceof NodeEvent node
        && (node.getAnchor() != null || node instanceof AliasEvent)) {
      throw new Unreadable(
          at(event), "anchors and aliases are not taken: write the value where it is meant");
    }
    return switch (event) {
      case ScalarEvent scalar -> {
        refuseTag(scalar, scalar.getTag());
        refuseEscaped(scalar);
        yield new Scalar(at(event), scalar.getValue());
      }
      case SequenceStartEvent sequence -> {
        refuseTag(sequence, sequence.getTag());
        yield sequence(at(event), depth);
      }
      case MappingStartEvent mapping -> {
        refuseTag(mapping, mapping.getTag());
        yield mapping(at(event), depth);
      }
      default -> throw new Unreadable(at(event), "expected a value");
    };
  }

  private YamlNode sequence(Position at, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event next = events.next(); !(next instanceof CollectionEndEvent); next = events.next()) {
      items.add(node(next, depth + 1));
    }
    return new Sequence(at, items);
  }

  private YamlNode mapping(Position at, int depth) {
    List<Entry> entries = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (Event next = events.next(); !(next instanceof CollectionEndEvent); next = events.next()) {
      if (!(node(next, depth + 1) instanceof Scalar key)) {
        throw new Unreadable(at(next), "a key is plain text");
      }
      if (!keys.add(key.text())) {
        throw new Unreadable(key.at(), "the key " + key.kind() + " is there twice");
      }
      entries.add(new Entry(key, node(events.next(), depth + 1)));
    }
    return new Mapping(at, entries);
  }

  private static void refuseTag(Event event, @Nullable String tag) {
    if (tag != null) {
      throw new Unreadable(at(event), "tags are not taken: " + Shown.text(tag));
    }
  }

  /// What the text of the document cannot hold, its escapes cannot either.
  private static void refuseEscaped(ScalarEvent scalar) {
    boolean hidden =
        DECEIVING.matcher(scalar.getValue()).find()
            || scalar
                .getValue()
                .chars()
                .anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t');
    if (hidden) {
      throw new Unreadable(at(scalar), "an invisible character is escaped here: remove it");
    }
  }

  private static Position at(Event event) {
    return Position.of(event.getStartMark());
  }

  /// Ends the reading; never leaves this class.
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Position at;

    Unreadable(Position at, String message) {
      super(message, null, false, false);
      this.at = at;
    }
  }
}
