package dev.countersign.bench;

import dev.countersign.core.model.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// One rule, written both as this product's policies have it and as a CEL expression that holds
/// when the rule's criteria do. CEL has no notion of limits and approvals, so its form is the
/// cheaper one.
///
/// @param criteria in the order in which they are judged
/// @param rest what has no CEL form: limits, and what a rule demands; YAML flow, or empty
record RuleText(String name, String effect, List<Condition> criteria, String rest) {

  /// @param yaml such as `wallets: [hot-1]`
  /// @param cel such as `wallet == 'hot-1'`
  record Condition(String yaml, String cel) {
    static Condition initiator(String id) {
      return new Condition("initiators: [" + id + "]", "initiator == '" + id + "'");
    }

    static Condition wallet(String id) {
      return new Condition("wallets: [" + id + "]", "wallet == '" + id + "'");
    }

    static Condition chain(String caip2) {
      return new Condition("chains: ['" + caip2 + "']", "chain == '" + caip2 + "'");
    }

    static Condition operation(String operation) {
      return new Condition("operations: [" + operation + "]", "operation == '" + operation + "'");
    }

    static Condition nativeAsset() {
      return new Condition("assets: [native]", "native");
    }

    static Condition destinations(List<Address> addresses) {
      return new Condition(
          "destinations: [%s]"
              .formatted(
                  addresses.stream()
                      .map(address -> "'" + address.hex() + "'")
                      .collect(Collectors.joining(", "))),
          addresses.stream()
              .map(address -> "destination == '" + address.hex() + "'")
              .collect(Collectors.joining(" || ", "(", ")")));
    }

    static Condition maximum(long wei) {
      return new Condition("maximum: " + wei, "amount <= " + wei);
    }

    static Condition above(long wei) {
      return new Condition("above: " + wei, "amount > " + wei);
    }

    static Condition maximumGasCost(long wei) {
      return new Condition("maximumGasCost: " + wei, "gas_cost <= " + wei);
    }
  }

  boolean allows() {
    return effect.equals("ALLOW");
  }

  boolean denies() {
    return effect.equals("DENY");
  }

  String yaml() {
    List<String> entries = new ArrayList<>(List.of("name: " + name, "effect: " + effect));
    criteria.forEach(criterion -> entries.add(criterion.yaml()));
    if (!rest.isEmpty()) {
      entries.add(rest);
    }
    return "  - {" + String.join(", ", entries) + "}\n";
  }

  String cel() {
    String all = criteria.stream().map(Condition::cel).collect(Collectors.joining(" && "));
    // Of a rule that allows and does not name an account, the policy's reader adds the same.
    return allows() ? "own_account && " + all : all;
  }
}
