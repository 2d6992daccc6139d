package dev.countersign.cli.request;

import dev.countersign.cli.audit.LogWords;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.decision.Awaited;
import dev.countersign.core.decision.Awaited.Demanded;
import dev.countersign.core.decision.ExplainedAction;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.model.Address;
import dev.countersign.core.price.PriceStatement;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// A forecast in words.
public final class ForecastText {
  private ForecastText() {}

  /// {@return the lines to show: the answer, why, what would be waited for, and for all that it
  /// does what every rule makes of it and what the limits hold}
  public static List<String> lines(Forecast forecast) {
    var lines = new ArrayList<String>();
    lines.add(answer(forecast));
    var policy = forecast.policy();
    lines.add(
        RequestText.line(
            "policy",
            (policy.number() == 0 ? "SHA-256 " + policy.hash().hex() : "version " + policy.number())
                + ", rule "
                + forecast.rule()));
    if (!forecast.reason().isEmpty()) {
      lines.add(RequestText.line("reason", forecast.reason()));
    }
    forecast.route().ifPresent(route -> lines.add(RequestText.line("route", route.words())));
    forecast.awaited().ifPresent(awaited -> awaited(awaited, lines));
    if (forecast.actions().isEmpty()) {
      forecast.outcomes().forEach(outcome -> lines.add(outcome(outcome)));
    }
    for (ExplainedAction action : forecast.actions()) {
      lines.add(RequestText.line("does", action(action)));
      action.outcomes().forEach(outcome -> lines.add(outcome(outcome)));
      action.prices().forEach(price -> lines.add(RequestText.line("price", price(price))));
      action.limits().forEach(use -> lines.add(RequestText.line("limit", limit(use))));
    }
    return lines.stream().map(LogWords::lines).toList();
  }

  private static String answer(Forecast forecast) {
    if (forecast.allowed()) {
      return "would be allowed now";
    }
    return forecast.awaited().isPresent() ? "would wait first" : "would be denied now";
  }

  private static void awaited(Awaited awaited, List<String> lines) {
    for (Demanded demand : awaited.demands()) {
      lines.add(
          RequestText.line(
              "asks",
              demand
                  .quorum()
                  .map(
                      quorum ->
                          "rule %s: approval by %s within %s"
                              .formatted(demand.rule(), quorum.text(), demand.lifetime()))
                  .orElseGet(
                      () -> "rule %s: a delay of %s".formatted(demand.rule(), demand.delay()))));
    }
    if (!awaited.excluded().isEmpty()) {
      lines.add(
          RequestText.line(
              "without",
              String.join(
                      ", ", awaited.excluded().stream().map(ApproverName::value).sorted().toList())
                  + ", who asks for it"));
    }
  }

  private static String outcome(RuleOutcome outcome) {
    return outcome
        .firstUnmet()
        .map(
            unmet ->
                RequestText.line(
                    "unmet",
                    "%s %s: %s expected %s, observed %s"
                        .formatted(
                            outcome.effect(),
                            outcome.rule(),
                            unmet.criterion(),
                            unmet.expected(),
                            unmet.observed())))
        .orElseGet(() -> RequestText.line("matches", outcome.effect() + " " + outcome.rule()));
  }

  private static String action(ExplainedAction action) {
    return "%s%s of %s %s out of %s to %s"
        .formatted(
            action.path().isEmpty() ? "" : action.path() + " ",
            action.operation(),
            action.amount(),
            action.asset(),
            action.account().checksummed(),
            action.destination().map(Address::checksummed).orElse("nobody"));
  }

  private static String price(PriceStatement price) {
    return "%s at %s %s from %s of %s"
        .formatted(price.asset(), price.priceText(), price.currency(), price.feed(), price.asOf());
  }

  private static String limit(LimitUse use) {
    return "%s: %s of %s %s, %s with it, %s left"
        .formatted(
            use.counter(),
            use.before(),
            use.maximum(),
            use.window().span(),
            use.after(),
            use.maximum().subtract(use.after()).max(BigInteger.ZERO));
  }
}
