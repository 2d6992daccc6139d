package dev.countersign.policy.document;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.rule.AddressBook;
import dev.countersign.policy.rule.AddressBook.Entry;
import dev.countersign.policy.rule.DurationText;
import dev.countersign.policy.rule.InstantText;
import dev.countersign.policy.rule.PolicyName;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads `addresses` and `holdDown`. An entry is an address, or a mapping that says more of it.
final class AddressBookReader {
  static final String ADDRESSES = "addresses";
  static final String HOLD_DOWN = "holdDown";
  static final List<String> ENTRY_KEYS = List.of("address", "tags", "from");
  private static final String ADDRESS_FORM = "a list of addresses: 0x and 40 hex digits";
  private static final String TAGS_FORM = "a list of tags: " + PolicyName.FORM;

  private final Problems problems;
  private final Map<String, Set<Address>> lists = new LinkedHashMap<>();
  private final Map<String, Set<Entry>> tags = new HashMap<>();
  private final Map<Entry, Instant> from = new HashMap<>();

  private AddressBookReader(Problems problems) {
    this.problems = problems;
  }

  static AddressBook read(Fields document) {
    AddressBookReader reader = new AddressBookReader(document.problems());
    document.find(ADDRESSES).ifPresent(reader::lists);
    return new AddressBook(reader.lists, reader.tags, reader.from, holdDown(document));
  }

  private static Duration holdDown(Fields document) {
    Optional<YamlNode> value = document.find(HOLD_DOWN);
    if (value.isEmpty()) {
      return Duration.ZERO;
    }
    Optional<Duration> length =
        value.get() instanceof Scalar text ? DurationText.parse(text.text()) : Optional.empty();
    if (length.isEmpty()) {
      document
          .problems()
          .add(
              value.get().at(),
              HOLD_DOWN,
              "expected " + DurationText.FORM + ", got " + value.get().kind());
    }
    return length.orElse(Duration.ZERO);
  }

  private void lists(YamlNode value) {
    if (!(value instanceof Mapping mapping)) {
      problems.add(
          value.at(), ADDRESSES, "expected names with lists of addresses, got " + value.kind());
      return;
    }
    for (YamlNode.Entry entry : mapping.entries()) {
      Scalar name = entry.key();
      if (!PolicyName.isValid(name.text())
          || name.text().startsWith("0x")
          || name.text().equals("any")) {
        problems.add(
            name.at(),
            ADDRESSES,
            "the name of a list is %s, neither 0x… nor any; got %s"
                .formatted(PolicyName.FORM, name.kind()));
      }
      lists.put(name.text(), addresses(name.text(), entry.value()));
    }
  }

  private Set<Address> addresses(String list, YamlNode value) {
    String path = ADDRESSES + "." + list;
    if (!(value instanceof Sequence sequence) || sequence.items().isEmpty()) {
      problems.add(value.at(), path, "expected " + ADDRESS_FORM + ", got " + value.kind());
      return Set.of();
    }
    Set<Address> addresses = new LinkedHashSet<>();
    for (YamlNode item : sequence.items()) {
      address(list, item, path)
          .filter(address -> !addresses.add(address))
          .ifPresent(
              again -> problems.add(item.at(), path, "the address " + again + " is there twice"));
    }
    return addresses;
  }

  private Optional<Address> address(String list, YamlNode item, String path) {
    return switch (item) {
      case Scalar scalar -> parse(scalar, path);
      case Mapping mapping -> entry(list, new Fields(mapping, path, problems));
      case Sequence sequence -> {
        problems.add(item.at(), path, "expected an address, got " + sequence.kind());
        yield Optional.empty();
      }
    };
  }

  private Optional<Address> parse(Scalar text, String path) {
    try {
      return Optional.of(Address.parse(text.text()));
    } catch (InvalidValueException e) {
      problems.add(text.at(), path, "expected " + e.expected() + ", got " + text.kind());
      return Optional.empty();
    }
  }

  private Optional<Address> entry(String list, Fields fields) {
    fields.refuseOthersThan(ENTRY_KEYS);
    Optional<Address> address =
        fields
            .requireText("address", "an address")
            .flatMap(text -> parse(text, fields.path("address")));
    Set<String> tagged = fields.find("tags").map(value -> tags(value, fields)).orElse(Set.of());
    Optional<Instant> time = fields.find("from").flatMap(value -> time(value, fields));
    address.ifPresent(
        to -> {
          Entry entry = new Entry(list, to);
          tagged.forEach(tag -> tags.computeIfAbsent(tag, _ -> new HashSet<>()).add(entry));
          time.ifPresent(it -> from.put(entry, it));
        });
    return address;
  }

  private static Optional<Instant> time(YamlNode value, Fields fields) {
    Optional<Instant> time = InstantText.peek(value);
    if (time.isEmpty()) {
      fields
          .problems()
          .add(
              value.at(),
              fields.path("from"),
              "expected " + InstantText.FORM + ", got " + value.kind());
    }
    return time;
  }

  private static Set<String> tags(YamlNode value, Fields fields) {
    Set<String> tags = new HashSet<>();
    List<YamlNode> items = value instanceof Sequence all ? all.items() : List.of();
    boolean right = !items.isEmpty();
    for (YamlNode item : items) {
      right &= item instanceof Scalar tag && PolicyName.isValid(tag.text()) && tags.add(tag.text());
    }
    if (!right) {
      fields
          .problems()
          .add(
              value.at(),
              fields.path("tags"),
              "expected " + TAGS_FORM + ", each once; got " + value.kind());
    }
    return tags;
  }
}
