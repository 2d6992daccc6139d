package dev.countersign.cli.request;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.Quorum;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.decision.Awaited;
import dev.countersign.core.decision.ExplainedAction;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.model.Address;
import java.util.List;

/// A forecast as JSON: amounts are text, in the smallest unit; durations are ISO-8601; what is not
/// there is missing.
public final class ForecastJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ForecastJson() {}

  /// {@return one object}
  public static ObjectNode of(Forecast forecast) {
    ObjectNode root = JSON.createObjectNode();
    root.put(
        "answer", forecast.allowed() ? "ALLOW" : forecast.awaited().isPresent() ? "WAIT" : "DENY");
    root.putObject("policy")
        .put("version", forecast.policy().number())
        .put("hash", forecast.policy().hash().hex());
    root.put("rule", forecast.rule()).put("reason", forecast.reason());
    forecast.route().ifPresent(route -> root.put("route", route.text()));
    forecast.awaited().ifPresent(awaited -> awaited(awaited, root.putObject("awaited")));
    outcomes(forecast.outcomes(), root.putArray("outcomes"));
    ArrayNode actions = root.putArray("actions");
    forecast.actions().forEach(action -> action(action, actions.addObject()));
    return root;
  }

  private static void awaited(Awaited awaited, ObjectNode node) {
    node.put("words", awaited.words());
    awaited.quorum().ifPresent(quorum -> quorum(quorum, node.putObject("quorum")));
    if (awaited.lifetime().isPositive()) {
      node.put("lifetime", awaited.lifetime().toString());
    }
    if (awaited.delay().isPositive()) {
      node.put("delay", awaited.delay().toString());
    }
    ArrayNode excluded = node.putArray("excluded");
    awaited.excluded().stream().map(ApproverName::value).sorted().forEach(excluded::add);
    ArrayNode demands = node.putArray("demands");
    for (Awaited.Demanded demand : awaited.demands()) {
      ObjectNode one = demands.addObject().put("rule", demand.rule());
      demand.quorum().ifPresent(quorum -> quorum(quorum, one.putObject("quorum")));
      if (demand.lifetime().isPositive()) {
        one.put("lifetime", demand.lifetime().toString());
      }
      if (demand.delay().isPositive()) {
        one.put("delay", demand.delay().toString());
      }
    }
  }

  private static void quorum(Quorum quorum, ObjectNode node) {
    node.put("text", quorum.text());
    switch (quorum) {
      case RuleQuorum.Members members -> {
        node.put("group", members.group()).put("count", members.count());
        ArrayNode names = node.putArray("members");
        members.members().forEach(name -> names.add(name.value()));
      }
      case RuleQuorum.AllOf all -> parts(all.parts(), node.putArray("allOf"));
      case RuleQuorum.AnyOf any -> parts(any.parts(), node.putArray("anyOf"));
      case Quorum.EachOf each -> parts(each.parts(), node.putArray("eachOf"));
    }
  }

  private static void parts(List<RuleQuorum> parts, ArrayNode nodes) {
    parts.forEach(part -> quorum(part, nodes.addObject()));
  }

  private static void outcomes(List<RuleOutcome> outcomes, ArrayNode nodes) {
    for (RuleOutcome outcome : outcomes) {
      ObjectNode node =
          nodes
              .addObject()
              .put("rule", outcome.rule())
              .put("effect", outcome.effect())
              .put("matched", outcome.matched());
      outcome
          .firstUnmet()
          .ifPresent(
              unmet ->
                  node.putObject("unmet")
                      .put("criterion", unmet.criterion())
                      .put("expected", unmet.expected())
                      .put("observed", unmet.observed()));
    }
  }

  private static void action(ExplainedAction action, ObjectNode node) {
    node.put("path", action.path())
        .put("operation", action.operation())
        .put("account", action.account().checksummed())
        .put("asset", action.asset().toString())
        .put("amount", action.amount().toString());
    action.destination().map(Address::checksummed).ifPresent(to -> node.put("destination", to));
    node.put("gasCost", action.gasCost().toString());
    outcomes(action.outcomes(), node.putArray("outcomes"));
    ArrayNode limits = node.putArray("limits");
    action
        .limits()
        .forEach(
            use ->
                limits
                    .addObject()
                    .put("counter", use.counter())
                    .put("window", use.window().toString())
                    .put("maximum", use.maximum().toString())
                    .put("before", use.before().toString())
                    .put("after", use.after().toString()));
    ArrayNode prices = node.putArray("prices");
    action
        .prices()
        .forEach(
            price ->
                prices
                    .addObject()
                    .put("feed", price.feed().value())
                    .put("asset", price.asset().toString())
                    .put("decimals", price.decimals())
                    .put("currency", price.currency().value())
                    .put("price", price.priceText())
                    .put("asOf", price.asOf().toString()));
  }
}
