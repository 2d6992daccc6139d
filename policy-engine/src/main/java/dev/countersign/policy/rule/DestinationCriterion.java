package dev.countersign.policy.rule;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.rule.AddressBook.Entry;
import dev.countersign.policy.rule.IndexDimension.Listing;
import dev.countersign.policy.yaml.Similar;
import dev.countersign.policy.yaml.YamlNode;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `destinations`: the payee of a transfer, also of a token's, the spender of an approval, or the
/// contract called. What has nobody there, such as a contract's creation, is never listed.
///
/// @param payees as the rule says them
/// @param addresses all of them
/// @param from when those may first be paid that are held down; empty for a rule that restricts,
///     which holds for them at once
public record DestinationCriterion(
    List<Destination> payees, Set<Address> addresses, Map<Address, Instant> from, String expected)
    implements ActionCriterion, Listing {
  private static final String FORM =
      "any, or a list of addresses, names of address lists, and tags such as tag:exchange";
  private static final String TAG = "tag:";

  static final CriterionKind KIND =
      new CriterionKind(
          "destinations", CriterionKind.Presence.WHEN_ALLOWING, FORM, DestinationCriterion::read);

  private static Optional<DestinationCriterion> read(YamlNode value, RuleContext rule) {
    return ValueList.read(value, KIND.key(), FORM, rule, text -> payee(text, rule))
        .map(
            listed ->
                new DestinationCriterion(
                    listed,
                    union(listed),
                    rule.effect() == Effect.ALLOW ? from(listed) : Map.of(),
                    ValueList.oneOf(listed)));
  }

  private static Destination payee(String text, RuleContext rule) {
    boolean held = rule.effect() == Effect.ALLOW && rule.addresses().holdDown().isPositive();
    if (held && text.startsWith("0x")) {
      throw InvalidValueException.of(
          "destination",
          text,
          "the name of a list or a tag: with `holdDown` every address that is paid is in a list");
    }
    return text.startsWith(TAG) ? tagged(text, rule.addresses()) : listed(text, rule.addresses());
  }

  private static Destination tagged(String text, AddressBook book) {
    Set<Entry> entries = book.tags().get(text.substring(TAG.length()));
    if (entries == null) {
      String meant =
          Similar.to(text.substring(TAG.length()), book.tags().keySet())
              .map(name -> " (" + TAG + name + "?)")
              .orElse("");
      throw InvalidValueException.of(
          "destination", text, "a tag of an entry under `addresses`" + meant);
    }
    return Destination.of(text, entries, book);
  }

  private static Destination listed(String text, AddressBook book) {
    Destination all = all(text, book);
    return text.startsWith("0x")
        ? all
        : Destination.of(
            text, all.addresses().stream().map(address -> new Entry(text, address)).toList(), book);
  }

  private static Map<Address, Instant> from(List<Destination> listed) {
    Map<Address, Instant> from = new HashMap<>();
    Set<Address> always = new HashSet<>();
    for (Destination destination : listed) {
      destination.addresses().stream()
          .filter(address -> !destination.from().containsKey(address))
          .forEach(always::add);
      destination
          .from()
          .forEach(
              (address, time) ->
                  from.merge(address, time, (one, other) -> one.isBefore(other) ? one : other));
    }
    from.keySet().removeAll(always);
    return Map.copyOf(from);
  }

  static Set<Address> union(List<Destination> destinations) {
    Set<Address> addresses = new HashSet<>();
    destinations.forEach(destination -> addresses.addAll(destination.addresses()));
    return Set.copyOf(addresses);
  }

  /// Reads an address or the name of a list, where entries that are held down have no place.
  static Destination destination(String text, AddressBook book) {
    Destination all = all(text, book);
    if (book.lists().containsKey(text) && !book.timeless().containsKey(text)) {
      throw InvalidValueException.of(
          "list",
          text,
          "a list without entries that have `from`; those count in `destinations` alone");
    }
    return all;
  }

  private static Destination all(String text, AddressBook book) {
    if (text.startsWith("0x")) {
      Address address = Address.parse(text);
      return new Destination(address.checksummed(), Set.of(address));
    }
    Set<Address> list = book.lists().get(text);
    if (list == null) {
      String meant =
          Similar.to(text, book.lists().keySet()).map(name -> " (" + name + "?)").orElse("");
      throw InvalidValueException.of(
          "destination", text, "an address, or the name of a list under `addresses`" + meant);
    }
    return new Destination(text, list);
  }

  @Override
  public IndexDimension dimension() {
    return IndexDimension.DESTINATION;
  }

  @Override
  public Set<?> listed() {
    return addresses;
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean isTimed() {
    return !from.isEmpty();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return action
        .destination()
        .filter(to -> addresses.contains(to) && heldUntil(to, action).isEmpty())
        .isPresent();
  }

  private Optional<Instant> heldUntil(Address to, JudgedAction action) {
    return Optional.ofNullable(from.get(to)).filter(action.subject().at()::isBefore);
  }

  @Override
  public boolean observesAlike() {
    return from.isEmpty();
  }

  @Override
  public String observed(JudgedAction action) {
    return action.destinationText()
        + action
            .destination()
            .flatMap(to -> heldUntil(to, action))
            .map(time -> ", which may be paid from %s on".formatted(time))
            .orElse("");
  }

  /// What stands in the list, and the addresses it means.
  ///
  /// @param from when those may first be paid that are held down
  public record Destination(String text, Set<Address> addresses, Map<Address, Instant> from) {
    Destination(String text, Set<Address> addresses) {
      this(text, addresses, Map.of());
    }

    /// Of an address with several entries the earliest counts.
    static Destination of(String text, Collection<Entry> entries, AddressBook book) {
      Map<Address, Optional<Instant>> from = new HashMap<>();
      for (Entry entry : entries) {
        from.merge(
            entry.address(),
            book.from(entry),
            (one, other) -> one.flatMap(it -> other.map(its -> it.isBefore(its) ? it : its)));
      }
      Map<Address, Instant> timed = new HashMap<>();
      from.forEach((address, time) -> time.ifPresent(it -> timed.put(address, it)));
      return new Destination(text, Set.copyOf(from.keySet()), Map.copyOf(timed));
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
