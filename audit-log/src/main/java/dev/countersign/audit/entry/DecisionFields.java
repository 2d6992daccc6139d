package dev.countersign.audit.entry;

import dev.countersign.audit.entry.Json.Fields;
import dev.countersign.audit.entry.Json.Text;
import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import java.util.Map;
import java.util.TreeMap;

/// How an entry writes what a decision rests on.
final class DecisionFields {
  private DecisionFields() {}

  static Fields observed(Observed observed) {
    Map<String, Json> fields = new TreeMap<>();
    fields.put("amount", new Text(observed.amount().toString()));
    fields.put("asset", Cut.text(observed.asset().toString()));
    fields.put("gasCost", new Text(observed.gasCost().toString()));
    fields.put(
        "limits", Cut.list(observed.limits().stream().map(DecisionFields::limitUse).toList()));
    if (!observed.prices().isEmpty()) {
      fields.put(
          "prices", Cut.list(observed.prices().stream().map(DecisionFields::price).toList()));
    }
    return new Fields(fields);
  }

  /// All that the feed signed, so that whoever has its key can tell that it did.
  private static Json price(SignedPrice price) {
    PriceStatement statement = price.statement();
    return new Fields(
        Map.of(
            "asOf", new Text(statement.asOf().toString()),
            "asset", Cut.text(statement.asset().toString()),
            "currency", new Text(statement.currency().value()),
            "decimals", new Text(Integer.toString(statement.decimals())),
            "feed", new Text(statement.feed().value()),
            "price", new Text(statement.priceText()),
            "signature", new Text(price.signature().hex())));
  }

  private static Json limitUse(LimitUse use) {
    return new Fields(
        Map.of(
            "after", new Text(use.after().toString()),
            "before", new Text(use.before().toString()),
            "counter", Cut.text(use.counter()),
            "maximum", new Text(use.maximum().toString()),
            "window", new Text(use.window().toString())));
  }

  static Json outcome(RuleOutcome outcome) {
    Map<String, Json> fields = new TreeMap<>();
    fields.put("effect", Cut.text(outcome.effect()));
    fields.put("rule", Cut.text(outcome.rule()));
    outcome
        .firstUnmet()
        .ifPresent(
            unmet ->
                fields.put(
                    "unmet",
                    new Fields(
                        Map.of(
                            "criterion", Cut.text(unmet.criterion()),
                            "expected", Cut.text(unmet.expected()),
                            "observed", Cut.text(unmet.observed())))));
    return new Fields(fields);
  }
}
