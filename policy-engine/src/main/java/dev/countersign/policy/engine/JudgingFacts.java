package dev.countersign.policy.engine;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.feed.PriceBook;
import dev.countersign.policy.hold.HoldStore;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.store.ActivePolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/// What a session judges by that no request brings: the one time, which is the database's, so that
/// instances whose clocks differ say the same, and the prices of what is asked for. Where no rule
/// depends on the time it is not asked for; where the policy names no feeds, no prices are.
record JudgingFacts(Optional<Instant> now, List<SignedPrice> prices) {

  static JudgingFacts of(
      Handle handle,
      ActivePolicy policy,
      LimitClock clock,
      PriceBook book,
      List<PolicySubject> subjects) {
    if (!policy.isTimed()) {
      return new JudgingFacts(Optional.empty(), List.of());
    }
    Instant now = clock.now().orElseGet(() -> HoldStore.now(handle));
    return new JudgingFacts(
        Optional.of(now),
        policy
            .prices()
            .filter(_ -> !policy.currencies().isEmpty())
            .map(terms -> book.of(handle, terms, assets(subjects), policy.currencies(), now))
            .orElse(List.of()));
  }

  private static Set<AssetId> assets(List<PolicySubject> subjects) {
    Set<AssetId> assets = new TreeSet<>();
    subjects.forEach(subject -> assets.addAll(PolicyJudge.assets(subject)));
    return assets;
  }

  /// `subject` as it is judged.
  PolicySubject of(PolicySubject subject) {
    return now.map(at -> subject.judgedAt(at).pricedBy(prices)).orElse(subject);
  }
}
