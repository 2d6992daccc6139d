package dev.countersign.policy.rule;

import dev.countersign.core.decision.Route;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a rule that allows says of the private relay: what it allows goes by that alone.
///
/// @param publicAfterBlocks after how many blocks without being mined it may go by the nodes; never
///     without
public record RelayTerms(OptionalInt publicAfterBlocks) {
  public static final String KEY = "privateRelay";

  private static final String ONLY = "only";
  private static final Pattern PUBLIC = Pattern.compile("public after ([1-9][0-9]{0,4}) blocks?");
  private static final int MOST_BLOCKS = 10_000;
  private static final String FORM =
      "`only`, or `public after N blocks` with N from 1 to " + MOST_BLOCKS;

  /// @return nothing where the rule does not say it, and where it is wrong, which then is among the
  ///     problems
  public static Optional<RelayTerms> read(RuleContext rule) {
    Optional<YamlNode> value = rule.sibling(KEY);
    if (value.isPresent() && rule.effect() != Effect.ALLOW) {
      rule.problem(value.get().at(), KEY, "only with `effect: ALLOW`");
      return Optional.empty();
    }
    return value
        .flatMap(node -> rule.fields().text(node, KEY, FORM))
        .flatMap(text -> read(text, rule));
  }

  private static Optional<RelayTerms> read(Scalar text, RuleContext rule) {
    if (text.text().equals(ONLY)) {
      return Optional.of(new RelayTerms(OptionalInt.empty()));
    }
    Matcher matcher = PUBLIC.matcher(text.text());
    if (matcher.matches()) {
      int blocks = Integer.parseInt(matcher.group(1));
      if (blocks <= MOST_BLOCKS) {
        return Optional.of(new RelayTerms(OptionalInt.of(blocks)));
      }
    }
    rule.problem(text.at(), KEY, "expected " + FORM + ", got " + text.kind());
    return Optional.empty();
  }

  /// The way of what the rule of this name allows.
  public Route route(String rule) {
    return new Route.Private(List.of(rule), publicAfterBlocks);
  }

  /// In the form in which it is written.
  public String text() {
    return publicAfterBlocks.isPresent()
        ? "public after " + publicAfterBlocks.getAsInt() + " blocks"
        : ONLY;
  }
}
