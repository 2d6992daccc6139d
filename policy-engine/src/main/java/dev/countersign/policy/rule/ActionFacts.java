package dev.countersign.policy.rule;

import static dev.countersign.policy.condition.FactType.ADDRESS;
import static dev.countersign.policy.condition.FactType.AMOUNT;
import static dev.countersign.policy.condition.FactType.FLAG;
import static dev.countersign.policy.condition.FactType.NUMBER;
import static dev.countersign.policy.condition.FactType.TEXT;
import static java.util.Map.entry;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.condition.Amount;
import dev.countersign.policy.condition.FactType;
import dev.countersign.policy.condition.Place;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What conditions may look at, by name.
final class ActionFacts {
  private record Fact(FactType type, Function<JudgedAction, Object> value) {}

  private static final Map<String, Fact> FACTS =
      Map.ofEntries(
          entry("action.account", new Fact(ADDRESS, action -> place(Optional.of(action.owner())))),
          entry("action.amount", new Fact(AMOUNT, action -> new Amount(action.amount()))),
          entry("action.asset", new Fact(TEXT, action -> action.asset().toString())),
          entry("action.destination", new Fact(ADDRESS, action -> place(action.destination()))),
          entry("action.isNative", new Fact(FLAG, action -> action.asset().isNative())),
          // 0 for what the payload itself does.
          entry("action.level", new Fact(NUMBER, action -> (long) action.action().path().size())),
          entry("action.operation", new Fact(TEXT, action -> action.operation().toString())),
          // Empty but for contract calls.
          entry(
              "action.selector",
              new Fact(TEXT, action -> action.selector().map(Bytes::hex).orElse(""))),
          entry("chain", new Fact(TEXT, action -> action.subject().chain().caip2())),
          entry("gas.cost", new Fact(AMOUNT, action -> new Amount(action.gasCost()))),
          entry("gas.price", new Fact(AMOUNT, action -> new Amount(action.gasPrice()))),
          entry(
              "request.initiator", new Fact(TEXT, action -> action.subject().initiator().value())),
          entry("wallet.id", new Fact(TEXT, action -> action.subject().wallet().id().value())),
          entry(
              "wallet.account",
              new Fact(ADDRESS, action -> place(Optional.of(action.subject().account())))),
          entry(
              "wallet.tier",
              new Fact(
                  TEXT,
                  action -> action.subject().wallet().tier().name().toLowerCase(Locale.ROOT))),
          entry(
              "wallet.vault", new Fact(TEXT, action -> action.subject().wallet().vault().value())));

  static final Map<String, FactType> TYPES =
      FACTS.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, fact -> fact.getValue().type()));

  private ActionFacts() {}

  private static Place place(Optional<Address> address) {
    return new Place(address);
  }

  static Function<String, Optional<Object>> of(JudgedAction action) {
    return name -> Optional.ofNullable(FACTS.get(name)).map(fact -> fact.value().apply(action));
  }
}
