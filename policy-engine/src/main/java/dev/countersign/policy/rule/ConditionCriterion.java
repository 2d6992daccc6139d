package dev.countersign.policy.rule;

import dev.countersign.policy.condition.Condition;
import dev.countersign.policy.condition.Condition.Answer;
import dev.countersign.policy.condition.ConditionReader.Reading;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.regex.Pattern;

/// `condition`: what the other criteria cannot say, in CEL. Where nobody can tell whether it holds,
/// a rule that allows does not match, and one that restricts does.
///
/// @param restricts whether its rule does
public record ConditionCriterion(Condition condition, boolean restricts)
    implements ActionCriterion {
  static final CriterionKind KIND =
      new CriterionKind(
          "condition",
          CriterionKind.Presence.OPTIONAL,
          "a CEL expression that is true or false",
          ConditionCriterion::read);

  private static final Pattern WHITESPACE = Pattern.compile("\\s+");

  private static Optional<ConditionCriterion> read(YamlNode value, RuleContext rule) {
    if (!(value instanceof Scalar text) || text.text().isBlank()) {
      rule.problem(value.at(), KIND.key(), "expected " + KIND.form() + ", got " + value.kind());
      return Optional.empty();
    }
    return switch (rule.vocabulary().conditions().read(text.text().stripTrailing())) {
      case Reading.Valid(Condition condition) ->
          Optional.of(new ConditionCriterion(condition, rule.effect() != Effect.ALLOW));
      case Reading.Invalid invalid -> {
        invalid.problems().forEach(each -> rule.problem(value.at(), KIND.key(), each));
        yield Optional.empty();
      }
    };
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return switch (condition.ask(ActionFacts.of(action))) {
      case Answer.Told(boolean holds) -> holds;
      case Answer.Untold _ -> restricts;
    };
  }

  /// Fees are not known yet, so it is not asked.
  @Override
  public boolean mayHold(JudgedAction action) {
    return true;
  }

  @Override
  public String expected() {
    return WHITESPACE.matcher(condition.toString()).replaceAll(" ") + " to be true";
  }

  @Override
  public boolean observesAlike() {
    return false;
  }

  @Override
  public String observed(JudgedAction action) {
    return condition.ask(ActionFacts.of(action)).toString();
  }
}
