package dev.countersign.policy.testing;

import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a policy said of one case.
///
/// @param answers [Answer#ALLOW] or [Answer#DENY] alone, or what has to be there first
/// @param rules the one that decided, or all that demand something
/// @param outcomes what every rule made of it: of a denial, what they made of the action that is in
///     the way; else of what the payload itself does
public record CaseResult(
    PolicyCase example,
    Verdict verdict,
    Set<Answer> answers,
    List<String> rules,
    List<RuleOutcome> outcomes) {
  public CaseResult {
    answers = Set.copyOf(answers);
    rules = List.copyOf(rules);
    outcomes = List.copyOf(outcomes);
  }

  /// Judges the bytes of `example`.
  public static CaseResult of(PolicyDocument policy, PolicyCase example) {
    Verdict verdict = example.judge(policy);
    return switch (verdict) {
      case Verdict.Deny deny ->
          new CaseResult(example, deny, Answer.of(deny), List.of(deny.rule()), deny.outcomes());
      case Verdict.Allow allow ->
          new CaseResult(
              example,
              allow,
              Answer.of(allow),
              allow.conditions().isNone() ? List.of(allow.rule()) : allow.conditions().ruleNames(),
              example.explain(policy));
    };
  }

  public boolean isExpected() {
    PolicyCase.Expectation expected = example.expectation();
    return answers.equals(expected.answers())
        && expected.rules().map(names -> names.equals(Set.copyOf(rules))).orElse(true)
        && reason().contains(expected.reason());
  }

  /// `REQUIRE and DELAY`
  public String answerText() {
    return EnumSet.copyOf(answers).stream().map(Answer::name).collect(Collectors.joining(" and "));
  }

  private String reason() {
    return switch (verdict) {
      case Verdict.Deny deny -> deny.reason();
      case Verdict.Allow _ -> "";
    };
  }

  /// All there is to say about it, a line each.
  public List<String> explanation() {
    List<String> lines = new ArrayList<>();
    lines.add("expected " + example.expectation().text());
    lines.add("got " + answerText() + " by " + String.join(", ", rules));
    switch (verdict) {
      case Verdict.Deny deny -> lines.add(deny.reason());
      case Verdict.Allow allow -> {
        lines.add("rule " + allow.rule() + " allows it");
        if (!allow.conditions().isNone()) {
          lines.add("it waits for " + allow.conditions().text());
        }
        allow.observed().prices().stream()
            .map(SignedPrice::statement)
            .map(CaseResult::price)
            .forEach(lines::add);
        allow.observed().limits().stream().map(CaseResult::use).forEach(lines::add);
      }
    }
    outcomes.stream().map(CaseResult::line).forEach(lines::add);
    return lines;
  }

  private static String price(PriceStatement price) {
    return "%s is worth %s %s, says %s as of %s"
        .formatted(price.asset(), price.priceText(), price.currency(), price.feed(), price.asOf());
  }

  private static String use(LimitUse use) {
    return "limit %s holds %s of %s with it".formatted(use.counter(), use.after(), use.maximum());
  }

  private static String line(RuleOutcome outcome) {
    String what =
        outcome
            .firstUnmet()
            .map(
                unmet ->
                    "does not match: %s expects %s, got %s"
                        .formatted(unmet.criterion(), unmet.expected(), unmet.observed()))
            .orElse("matches");
    return "%s %s %s".formatted(outcome.effect(), outcome.rule(), what);
  }
}
