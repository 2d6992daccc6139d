package dev.countersign.policy.rule;

import dev.countersign.policy.yaml.YamlNode;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// How one kind of criterion is written. To add one: a file with the criterion and its kind, a line
/// in [Criteria], its key in the JSON Schema (a test compares the two).
///
/// @param key the key in a rule
/// @param form what stands at the key, for people
public record CriterionKind(String key, Presence presence, String form, Reader reader) {

  /// Whether a rule has the key.
  public enum Presence {
    /// A rule that allows says it, if only as `any`, so that nothing is allowed by omission.
    /// Without it a rule that restricts restricts more.
    WHEN_ALLOWING,
    OPTIONAL,
    /// A rule that restricts cannot have it.
    ONLY_WHEN_ALLOWING,
    /// A rule that allows cannot have it.
    ONLY_WHEN_RESTRICTING,
    /// A rule that allows says it, if only as `any`; a rule that restricts cannot have it.
    ALWAYS_AND_ONLY_WHEN_ALLOWING;

    public boolean isRequired(Effect effect) {
      return effect == Effect.ALLOW
          && (this == WHEN_ALLOWING || this == ALWAYS_AND_ONLY_WHEN_ALLOWING);
    }

    public boolean isPossible(Effect effect) {
      return effect == Effect.ALLOW
          ? this != ONLY_WHEN_RESTRICTING
          : this != ONLY_WHEN_ALLOWING && this != ALWAYS_AND_ONLY_WHEN_ALLOWING;
    }
  }

  /// Reads the criterion off what stands at its key.
  @FunctionalInterface
  public interface Reader {
    /// @return nothing when it sets no condition, or when it is wrong, which then is among the
    /// rule's problems
    Optional<? extends Criterion> read(YamlNode value, RuleContext rule);
  }

  /// The kind most are of: `any`, or a list of values.
  ///
  /// @param parse reads one value, or throws [dev.countersign.core.model.InvalidValueException]
  static <T> CriterionKind list(
      String key,
      Presence presence,
      String form,
      BiFunction<String, RuleContext, T> parse,
      Function<List<T>, ? extends Criterion> build) {
    return new CriterionKind(
        key,
        presence,
        form,
        (value, rule) ->
            ValueList.read(value, key, form, rule, text -> parse.apply(text, rule)).map(build));
  }

  /// What a rule means that does not have the key.
  public Optional<Criterion> unsaid(Effect effect) {
    return effect == Effect.ALLOW && key.equals(AccountCriterion.KEY)
        ? Optional.of(AccountCriterion.OWN)
        : Optional.empty();
  }

  public Optional<? extends Criterion> read(YamlNode value, RuleContext rule) {
    return reader.read(value, rule);
  }
}
