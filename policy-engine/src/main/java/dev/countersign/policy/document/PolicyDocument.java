package dev.countersign.policy.document;

import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.model.Digest32;
import dev.countersign.policy.approval.ChangeTerms;
import dev.countersign.policy.approval.PolicyApprovers;
import dev.countersign.policy.breaker.Breakers;
import dev.countersign.policy.price.PriceTerms;
import dev.countersign.policy.rule.AddressBook;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.rule.RuleIndex;
import dev.countersign.policy.yaml.Problem;
import java.util.List;
import java.util.Optional;

/// A policy that was read without a problem, ready to judge by.
///
/// @param hash SHA-256 of the document's bytes
/// @param thaw who may lift a freeze; nobody when it does not say
/// @param changes who may change it; nothing when only the founders may
/// @param prices whose prices amounts of currencies are compared by; nothing when it has none
/// @param index the rules
public record PolicyDocument(
    Digest32 hash,
    AddressBook addresses,
    PolicyApprovers approvers,
    Optional<ChangeTerms> changes,
    Breakers breakers,
    Optional<RuleQuorum> thaw,
    Optional<PriceTerms> prices,
    RuleIndex index) {

  /// In the order of the document.
  public List<Rule> rules() {
    return index.rules();
  }

  /// What came of reading a document.
  public sealed interface Reading {
    record Valid(PolicyDocument document) implements Reading {}

    /// @param problems at least one, in the order of the document
    record Invalid(List<Problem> problems) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
      }

      /// One line for each problem.
      public String text() {
        return String.join("\n", problems.stream().map(Problem::toString).toList());
      }
    }
  }
}
