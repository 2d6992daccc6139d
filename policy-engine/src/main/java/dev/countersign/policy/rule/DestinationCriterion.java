package dev.countersign.policy.rule;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.rule.IndexDimension.Listing;
import dev.countersign.policy.yaml.Similar;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `destinations`: the payee of a transfer, also of a token's, the spender of an approval, or the
/// contract called. What has nobody there, such as a contract's creation, is never listed.
public record DestinationCriterion(Set<Address> addresses, String expected)
    implements ActionCriterion, Listing {
  static final CriterionKind KIND =
      CriterionKind.list(
          "destinations",
          CriterionKind.Presence.WHEN_ALLOWING,
          "any, or a list of addresses and names of address lists",
          (text, rule) -> destination(text, rule.addresses()),
          DestinationCriterion::of);

  private static DestinationCriterion of(List<Destination> destinations) {
    return new DestinationCriterion(union(destinations), ValueList.oneOf(destinations));
  }

  static Set<Address> union(List<Destination> destinations) {
    Set<Address> addresses = new HashSet<>();
    destinations.forEach(destination -> addresses.addAll(destination.addresses()));
    return Set.copyOf(addresses);
  }

  /// Reads an address or the name of a list.
  static Destination destination(String text, AddressBook book) {
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
  public boolean holds(JudgedAction action) {
    return action.destination().filter(addresses::contains).isPresent();
  }

  @Override
  public String observed(JudgedAction action) {
    return action.destinationText();
  }

  /// What stands in the list, and the addresses it means.
  record Destination(String text, Set<Address> addresses) {
    @Override
    public String toString() {
      return text;
    }
  }
}
