package dev.countersign.policy.rule;

import dev.countersign.core.model.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The named address lists of a policy.
///
/// @param lists addresses by the name of their list
/// @param tags entries of any list by what they are tagged with
/// @param from when an entry may first be paid, for those that say it
/// @param holdDown how long a new entry waits before it may be paid; zero when it need not
public record AddressBook(
    Map<String, Set<Address>> lists,
    Map<String, Set<Entry>> tags,
    Map<Entry, Instant> from,
    Duration holdDown) {
  public static final AddressBook EMPTY =
      new AddressBook(Map.of(), Map.of(), Map.of(), Duration.ZERO);

  /// An address in a list.
  public record Entry(String list, Address address) {}

  public AddressBook {
    lists = copy(lists);
    tags = copy(tags);
    from = Map.copyOf(from);
  }

  private static <T> Map<String, Set<T>> copy(Map<String, Set<T>> sets) {
    return sets.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, set -> Set.copyOf(set.getValue())));
  }

  /// When it may first be paid; nothing when it may be at any time.
  Optional<Instant> from(Entry entry) {
    return Optional.ofNullable(from.get(entry));
  }

  /// The lists all of whose entries may be paid at any time.
  Map<String, Set<Address>> timeless() {
    Set<String> timed = from.keySet().stream().map(Entry::list).collect(Collectors.toSet());
    return lists.entrySet().stream()
        .filter(list -> !timed.contains(list.getKey()))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
