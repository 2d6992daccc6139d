package dev.countersign.policy.testing;

import dev.countersign.core.action.Unpacking;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.rule.ScopeKey;
import dev.countersign.policy.yaml.Position;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One example request and what is expected of it.
///
/// @param at where it stands in the file
/// @param payload the transaction's bytes, as they would be signed; empty when it is a message
/// @param message what it comes to, when it is a message
/// @param spent what limits hold already, by `rule/limit`, in the smallest unit of what they count;
///     nothing for those not named
public record PolicyCase(
    String name,
    Position at,
    PolicySubject subject,
    Bytes payload,
    Optional<Unpacking> message,
    Map<String, BigInteger> spent,
    Expectation expectation) {
  public PolicyCase {
    spent = Map.copyOf(spent);
  }

  Verdict judge(PolicyDocument policy) {
    return message.isPresent()
        ? PolicyJudge.judge(policy, subject, message.get(), this::spent)
        : PolicyJudge.judge(policy, subject, payload, this::spent);
  }

  List<RuleOutcome> explain(PolicyDocument policy) {
    return message.isPresent()
        ? PolicyJudge.explain(policy, subject, message.get(), this::spent)
        : PolicyJudge.explain(policy, subject, payload, this::spent);
  }

  /// The wallet that pays.
  public WalletId wallet() {
    return subject.wallet().id();
  }

  /// What the windows hold: the same in every scope of a limit.
  BigInteger spent(ScopeKey scope) {
    String text = scope.text();
    return spent.getOrDefault(text.substring(0, text.indexOf(' ')), BigInteger.ZERO);
  }

  /// @param rules those that decide, or demand; nothing when it does not matter which
  /// @param reason what the reason of a denial has in it; empty when that does not matter
  public record Expectation(Set<Answer> answers, Optional<Set<String>> rules, String reason) {
    public Expectation {
      answers = Set.copyOf(answers);
      rules = rules.map(Set::copyOf);
    }

    String text() {
      String text =
          EnumSet.copyOf(answers).stream().map(Answer::name).collect(Collectors.joining(" and "));
      String by =
          rules
              .map(names -> " by " + String.join(", ", names.stream().sorted().toList()))
              .orElse("");
      return text + by + (reason.isEmpty() ? "" : ", because of \"" + reason + "\"");
    }
  }
}
