package dev.countersign.policy.coverage;

import static dev.countersign.policy.sample.Samples.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.sample.AskedRequests;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class DecisionCoverageIT {
  private static final String POLICY =
      """
      format: countersign/policy/v1
      rules:
        - name: pay
          effect: ALLOW
          initiators: any
          wallets: any
          chains: any
          operations: [native-transfer]
          assets: [native]
          destinations: any
          maximumGasCost: any
        - name: pay-counted
          effect: ALLOW
          initiators: any
          wallets: any
          chains: any
          operations: [native-transfer]
          assets: [native]
          destinations: any
          maximum: 10
          maximumGasCost: any
          limits: [{name: all, maximum: 100, counts: [value], window: PT24H}]
        - name: too-much
          effect: DENY
          assets: [native]
          above: 50
        - name: slow
          effect: DELAY
          assets: [native]
          above: 20
          delay: PT1H
        - name: slow-too
          effect: DELAY
          assets: [native]
          above: 20
          delay: PT2H
        - name: never
          effect: DENY
          wallets: [cold]
      """;

  private final PolicyDatabase database;
  private final Instance instance;

  DecisionCoverageIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.instance = database.instance();
  }

  @AfterAll
  void close() {
    database.close();
  }

  private List<RuleCoverage> coverage(String yaml, Instant since, Instant until) {
    return instance
        .unitOfWork()
        .inTransaction(
            transaction ->
                DecisionCoverage.of(transaction.unwrap(Handle.class), policy(yaml), since, until));
  }

  @Test
  void countsWhatDecidedDemandedDeniedAndCharged() {
    Instant began = Instant.now();
    Instant later = began.plus(Duration.ofMinutes(1));
    database.activate(instance, POLICY);
    AskedRequests requests = new AskedRequests(instance);
    requests.ask("hot-1", 5, began);
    requests.ask("hot-1", 6, began);
    requests.ask("hot-1", 30, began);
    requests.ask("hot-1", 60, began);
    assertThat(coverage(POLICY, began.minusSeconds(1), later))
        .extracting(RuleCoverage::rule, RuleCoverage::effect, RuleCoverage::matched)
        .containsExactly(
            tuple("pay", Optional.of(Effect.ALLOW), 3L),
            tuple("pay-counted", Optional.of(Effect.ALLOW), 2L),
            tuple("too-much", Optional.of(Effect.DENY), 1L),
            tuple("slow", Optional.of(Effect.DELAY), 2L),
            tuple("slow-too", Optional.of(Effect.DELAY), 2L),
            tuple("never", Optional.of(Effect.DENY), 0L));
    assertThat(coverage(POLICY, later, later.plusSeconds(1)))
        .allMatch(rule -> rule.matched() == 0 && rule.lastAt().isEmpty());
    assertThat(coverage(POLICY.replace("too-much", "much"), began.minusSeconds(1), later).getLast())
        .extracting(RuleCoverage::rule, RuleCoverage::effect, RuleCoverage::matched)
        .containsExactly("too-much", Optional.empty(), 1L);
  }
}
