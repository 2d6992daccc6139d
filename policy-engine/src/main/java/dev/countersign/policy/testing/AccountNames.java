package dev.countersign.policy.testing;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.rule.PolicyName;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Similar;
import dev.countersign.policy.yaml.YamlNode.Entry;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The names a test file gives to accounts, `wallets` and `addresses`, so that its cases can be
/// read.
///
/// @param wallets the accounts of wallets, by wallet id
/// @param all those, and every other address that has a name
record AccountNames(Map<String, Address> wallets, Map<String, Address> all) {
  static final String WALLETS = "wallets";
  static final String ADDRESSES = "addresses";
  static final String FORM = "an address, or a name under `wallets` or `addresses`";

  static AccountNames read(Fields file) {
    Map<String, Address> wallets =
        file.require(WALLETS, "wallet ids, each with its account")
            .map(_ -> mapping(file, WALLETS))
            .orElse(Map.of());
    Map<String, Address> all = new LinkedHashMap<>(wallets);
    mapping(file, ADDRESSES)
        .forEach(
            (name, address) -> {
              if (all.putIfAbsent(name, address) != null) {
                file.problems()
                    .add(
                        file.find(ADDRESSES).orElseThrow().at(),
                        ADDRESSES,
                        name + " is the name of a wallet already");
              }
            });
    return new AccountNames(wallets, all);
  }

  private static Map<String, Address> mapping(Fields file, String key) {
    Map<String, Address> named = new LinkedHashMap<>();
    file.find(key)
        .ifPresent(
            value -> {
              if (value instanceof Mapping mapping) {
                mapping.entries().forEach(entry -> add(file, key, entry, named));
              } else {
                file.problems()
                    .add(
                        value.at(),
                        key,
                        "expected names with an address each, got " + value.kind());
              }
            });
    return named;
  }

  private static void add(Fields file, String key, Entry entry, Map<String, Address> named) {
    Scalar name = entry.key();
    if (!PolicyName.isValid(name.text()) || name.text().startsWith("0x")) {
      file.problems()
          .add(
              name.at(),
              file.path(key),
              "a name is %s, and not 0x…; got %s".formatted(PolicyName.FORM, name.kind()));
    }
    String path = key + "." + name.text();
    file.text(entry.value(), path, "an address: 0x and 40 hex digits")
        .ifPresent(
            text -> {
              try {
                named.put(name.text(), Address.parse(text.text()));
              } catch (InvalidValueException e) {
                file.problems()
                    .add(text.at(), path, "expected " + e.expected() + ", got " + text.kind());
              }
            });
  }

  /// @param path where `text` stands, for the problem when it is none
  Optional<Address> address(Scalar text, String path, Fields fields) {
    try {
      Address named = all.get(text.text());
      return Optional.of(named == null ? Address.parse(text.text()) : named);
    } catch (InvalidValueException e) {
      String expected = text.text().startsWith("0x") ? e.expected() : FORM;
      String meant =
          Similar.to(text.text(), all.keySet()).map(name -> " (" + name + "?)").orElse("");
      fields
          .problems()
          .add(text.at(), path, "expected " + expected + meant + ", got " + text.kind());
      return Optional.empty();
    }
  }
}
