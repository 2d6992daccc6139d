package dev.countersign.policy.store;

import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.policy.breaker.Breakers;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.evaluation.PolicyForecast;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.SpendingView;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.price.PriceTerms;
import dev.countersign.policy.rule.ScopeKey;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// What there is to judge by.
public sealed interface ActivePolicy {
  PolicyVersion version();

  /// Judges by it, see [PolicyJudge#judge].
  default Verdict judge(PolicySubject subject, Bytes payload, SpendingView spending) {
    return switch (this) {
      case Usable usable -> PolicyJudge.judge(usable.document(), subject, payload, spending);
      case Unusable unusable -> PolicyJudge.cannotJudge(unusable.reason());
    };
  }

  /// Whether any of its rules makes a request wait.
  default boolean demands() {
    return this instanceof Usable usable && usable.document().index().demands();
  }

  /// Whether it says one thing at one time and another at another.
  default boolean isTimed() {
    return this instanceof Usable usable && usable.document().index().isTimed();
  }

  /// The currencies that its rules count in.
  default Set<CurrencyCode> currencies() {
    return switch (this) {
      case Usable usable -> usable.document().index().currencies();
      case Unusable unusable -> Set.of();
    };
  }

  /// Who may approve by it.
  default ApproverRegistry registry() {
    return switch (this) {
      case Usable usable -> usable.document().approvers().registry();
      case Unusable _ -> ApproverRegistry.EMPTY;
    };
  }

  /// What it says; nothing when everything is denied.
  default Optional<PolicyDocument> readable() {
    return switch (this) {
      case Usable usable -> Optional.of(usable.document());
      case Unusable _ -> Optional.empty();
    };
  }

  /// What freezes by itself, by it.
  default Breakers breakers() {
    return switch (this) {
      case Usable usable -> usable.document().breakers();
      case Unusable _ -> Breakers.NONE;
    };
  }

  /// Whose prices count by it; nobody's when it does not say.
  default Optional<PriceTerms> prices() {
    return switch (this) {
      case Usable usable -> usable.document().prices();
      case Unusable _ -> Optional.empty();
    };
  }

  /// Who may lift a freeze by it; nobody when it does not say.
  default Optional<RuleQuorum> thaw() {
    return switch (this) {
      case Usable usable -> usable.document().thaw();
      case Unusable _ -> Optional.empty();
    };
  }

  /// What its rules make of what the payload itself does, see [PolicyJudge#explain].
  default List<RuleOutcome> explain(PolicySubject subject, Bytes payload, SpendingView spending) {
    return switch (this) {
      case Usable usable -> PolicyJudge.explain(usable.document(), subject, payload, spending);
      case Unusable _ -> List.of();
    };
  }

  /// `verdict` in full, see [PolicyForecast].
  default Forecast forecast(
      PolicySubject subject, Bytes payload, SpendingView spending, Verdict verdict) {
    return switch (this) {
      case Usable usable ->
          PolicyForecast.of(
              usable.version(), usable.document(), subject, payload, spending, verdict);
      case Unusable unusable ->
          PolicyForecast.denied(
              unusable.version(),
              verdict instanceof Verdict.Deny deny
                  ? deny
                  : PolicyJudge.cannotJudge(unusable.reason()),
              List.of());
    };
  }

  /// The scopes that judging may look at, see [PolicyJudge#scopes].
  default SortedMap<ScopeKey, LimitWindow> scopes(PolicySubject subject) {
    return switch (this) {
      case Usable usable -> PolicyJudge.scopes(usable.document(), subject);
      case Unusable unusable -> Collections.emptySortedMap();
    };
  }

  record Usable(PolicyVersion version, PolicyDocument document) implements ActivePolicy {}

  /// Everything is denied.
  ///
  /// @param version number 0 and the hash of no bytes when none was ever activated
  /// @param reason for the denials
  record Unusable(PolicyVersion version, String reason) implements ActivePolicy {}

  /// Before the first activation.
  static ActivePolicy none() {
    return new Unusable(
        new PolicyVersion(0, PolicyDocumentReader.hash(new byte[0])), "no policy is active");
  }
}
