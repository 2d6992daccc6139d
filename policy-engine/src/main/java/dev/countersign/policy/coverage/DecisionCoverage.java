package dev.countersign.policy.coverage;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.Rule;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/// Counts matches in what is stored of decisions: the rule that decided; all that matched the
/// action that was denied; those that made a request wait; and those that allowed and charged a
/// limit. What is not stored is not counted: a rule without limits that allows what another one,
/// before it, was named for. Rules are told by their names, whichever version of the policy had
/// them.
public final class DecisionCoverage {
  private static final String COUNT =
      """
      WITH matched AS (
        SELECT request, rule, decided_at AS at FROM policy.decision
        WHERE request >= :from AND request < :until
        UNION ALL
        SELECT request, told.rule ->> 'rule', decided_at
        FROM policy.decision
          CROSS JOIN jsonb_array_elements(explanation -> 'rules') AS told (rule)
        WHERE request >= :from AND request < :until AND NOT jsonb_exists(told.rule, 'unmet')
        UNION ALL
        SELECT hold.request, asked.rule, hold.asked_at
        FROM policy.hold
          JOIN unnest(:demanding) AS asked (rule)
            ON hold.conditions LIKE asked.rule || ': %'
              OR hold.conditions LIKE '%; ' || asked.rule || ': %'
        WHERE hold.request >= :from AND hold.request < :until
        UNION ALL
        SELECT reservation.request, split_part(scope.key, '/', 1), reservation.at
        FROM policy.reservation JOIN policy.scope ON scope.id = reservation.scope
        WHERE reservation.request >= :from AND reservation.request < :until
          AND split_part(scope.key, '/', 1) = ANY (:allowing)
      )
      SELECT rule, count(DISTINCT request) AS matched, max(at) AS last_at
      FROM matched GROUP BY rule ORDER BY rule
      """;

  private DecisionCoverage() {}

  private record Counted(String rule, long matched, Instant lastAt) {}

  /// @param policy whose rules are asked for
  /// @param since requests received from then on
  /// @param until and before then
  /// @return every rule of the policy, in its order, then those that matched and are no longer in
  /// it
  public static List<RuleCoverage> of(
      Handle handle, PolicyDocument policy, Instant since, Instant until) {
    Map<String, Counted> counted = count(handle, policy, since, until);
    List<RuleCoverage> coverage = new ArrayList<>();
    for (Rule rule : policy.rules()) {
      Optional<Counted> found = Optional.ofNullable(counted.remove(rule.name()));
      coverage.add(
          new RuleCoverage(
              rule.name(),
              Optional.of(rule.effect()),
              found.map(Counted::matched).orElse(0L),
              found.map(Counted::lastAt)));
    }
    counted.remove(Decision.DEFAULT_DENY);
    counted.remove(Decision.FROZEN);
    counted
        .values()
        .forEach(
            gone ->
                coverage.add(
                    new RuleCoverage(
                        gone.rule(),
                        Optional.empty(),
                        gone.matched(),
                        Optional.of(gone.lastAt()))));
    return coverage;
  }

  private static Map<String, Counted> count(
      Handle handle, PolicyDocument policy, Instant since, Instant until) {
    Map<String, Counted> counted = new LinkedHashMap<>();
    var query = handle.createQuery(COUNT);
    SqlRows.of(names(policy, Effect::isDemanding)).text("demanding", name -> name).bindTo(query);
    SqlRows.of(names(policy, effect -> effect == Effect.ALLOW))
        .text("allowing", name -> name)
        .bindTo(query);
    query
        .bind("from", SigningRequestId.before(since).value())
        .bind("until", SigningRequestId.before(until).value())
        .map(
            (row, context) ->
                new Counted(
                    row.getString("rule"),
                    row.getLong("matched"),
                    row.getObject("last_at", OffsetDateTime.class).toInstant()))
        .forEach(one -> counted.put(one.rule(), one));
    return counted;
  }

  private static List<String> names(PolicyDocument policy, Predicate<Effect> effect) {
    return policy.rules().stream()
        .filter(rule -> effect.test(rule.effect()))
        .map(Rule::name)
        .toList();
  }
}
