package dev.countersign.policy.diff;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Random policies of a small world in which most things meet, and that are easily mixed.
///
/// @param list the members of the address list `known`
/// @param group the members of the group `people`
/// @param open whether another rule allows everything, so that it shows what the others restrict
record PolicySpec(
    Set<String> list, Set<String> group, List<Optional<RuleSpec>> rules, boolean open) {
  static final int RULES = 4;
  private static final String[] KEYS = {
    "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "p256:A2D+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2",
    "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="
  };

  /// @param to `known` or addresses
  /// @param amount of `maximum` or `above`
  record RuleSpec(
      String effect,
      Optional<Set<String>> initiators,
      Optional<Set<String>> wallets,
      Set<String> operations,
      Optional<Set<String>> to,
      Optional<Integer> amount,
      Optional<Integer> limit,
      String per,
      int quorum,
      int hours) {

    /// This one, but for the field at `position`, which is that of `other`.
    RuleSpec with(int position, RuleSpec other) {
      return new RuleSpec(
          position == 0 ? other.effect : effect,
          position == 1 ? other.initiators : initiators,
          position == 2 ? other.wallets : wallets,
          position == 3 ? other.operations : operations,
          position == 4 ? other.to : to,
          position == 5 ? other.amount : amount,
          position == 6 ? other.limit : limit,
          position == 7 ? other.per : per,
          position == 8 ? other.quorum : quorum,
          position == 9 ? other.hours : hours);
    }

    private String yaml(String name) {
      boolean allows = effect.equals("ALLOW");
      StringBuilder yaml = new StringBuilder();
      line(yaml, "  - name: " + name);
      line(yaml, "    effect: " + effect);
      line(yaml, "    initiators: " + list(initiators));
      line(yaml, "    wallets: " + list(wallets));
      line(yaml, "    operations: " + list(Optional.of(operations)));
      line(yaml, "    destinations: " + list(to));
      line(yaml, "    assets: [native]");
      amount.ifPresent(most -> line(yaml, (allows ? "    maximum: " : "    above: ") + most));
      limit.ifPresent(
          most ->
              line(
                  yaml,
                  "    limits: [{name: all, maximum: %d, counts: [value], window: PT1H, per: [%s]}]"
                      .formatted(most, per)));
      switch (effect) {
        case "ALLOW" -> line(yaml, "    chains: any\n    maximumGasCost: any");
        case "REQUIRE" ->
            line(
                yaml,
                "    approvals: %s\n    lifetime: PT%dH".formatted(QUORUMS.get(quorum), hours));
        case "DELAY" -> line(yaml, "    delay: PT" + hours + "H");
        default -> {}
      }
      return yaml.toString();
    }
  }

  private static final List<String> QUORUMS =
      List.of(
          "{group: people, count: 1}",
          "{group: everybody, count: 1}",
          "{group: everybody, count: 2}",
          "{anyOf: [{group: people, count: 1}, {group: everybody, count: 3}]}",
          "{allOf: [{group: people, count: 1}, {group: everybody, count: 1}]}",
          "{allOf: [{group: everybody, count: 1}, {group: everybody, count: 1}]}");

  private static void line(StringBuilder yaml, String line) {
    yaml.append(line).append('\n');
  }

  private static String list(Optional<Set<String>> values) {
    return values
        .map(all -> all.stream().sorted().collect(Collectors.joining("', '", "['", "']")))
        .orElse("any");
  }

  String yaml() {
    StringBuilder yaml = new StringBuilder("format: countersign/policy/v1\n");
    line(yaml, "addresses:\n  known: " + list(Optional.of(list)));
    line(yaml, "approvers:");
    for (int i = 0; i < KEYS.length; i++) {
      line(yaml, "  p%d: {keys: ['%s']}".formatted(i, KEYS[i]));
    }
    line(yaml, "groups:\n  everybody: [p0, p1, p2]\n  people: " + list(Optional.of(group)));
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < rules.size(); i++) {
      String name = "rule-" + i;
      rules.get(i).ifPresent(rule -> all.append(rule.yaml(name)));
    }
    if (open) {
      line(all, "  - {name: open, effect: ALLOW, initiators: any, wallets: any, chains: any,");
      line(all, "     operations: [native-transfer, contract-call], assets: any,");
      line(all, "     destinations: any, maximumGasCost: any}");
    }
    return yaml + (all.isEmpty() ? "rules: []\n" : "rules:\n" + all);
  }

  /// This policy, with a part of `other`: its address list (10), its group (11), a whole rule (-1),
  /// or one field of a rule.
  ///
  /// @param which the rule; all of them when there is none of that number
  PolicySpec with(int position, int which, PolicySpec other) {
    List<Optional<RuleSpec>> mixed =
        IntStream.range(0, RULES)
            .mapToObj(
                i ->
                    which < RULES && which != i
                        ? rules.get(i)
                        : position < 0
                            ? other.rules.get(i)
                            : rules
                                .get(i)
                                .map(
                                    rule ->
                                        other
                                            .rules
                                            .get(i)
                                            .map(it -> rule.with(position, it))
                                            .orElse(rule)))
            .toList();
    return new PolicySpec(
        position == 10 ? other.list : list, position == 11 ? other.group : group, mixed, open);
  }

  static Arbitrary<PolicySpec> policies() {
    return Combinators.combine(
            Arbitraries.of(ALICE.hex(), BOB.hex()).set().ofMinSize(1),
            Arbitraries.of("p0", "p1", "p2").set().ofMinSize(1),
            someRule().optional(0.8).list().ofSize(RULES),
            Arbitraries.of(true, false))
        .as(PolicySpec::new);
  }

  private static Arbitrary<RuleSpec> someRule() {
    Arbitrary<String> destination = Arbitraries.of(ALICE.hex(), BOB.hex(), "known");
    return Combinators.combine(
            Arbitraries.of("ALLOW", "ALLOW", "DENY", "REQUIRE", "DELAY"),
            Arbitraries.of("desk", "payouts").set().ofMinSize(1).optional(),
            Arbitraries.of("hot-1", "hot-2").set().ofMinSize(1).optional(),
            Arbitraries.of("native-transfer", "contract-call").set().ofMinSize(1),
            destination.set().ofMinSize(1).optional(),
            Arbitraries.integers().between(0, 6).optional(),
            Arbitraries.integers().between(0, 9).optional(0.4),
            Combinators.combine(
                    Arbitraries.of("", "wallet", "initiator"),
                    Arbitraries.integers().between(0, QUORUMS.size() - 1),
                    Arbitraries.integers().between(1, 3))
                .as(Rest::new))
        .as(
            (effect, initiators, wallets, operations, to, amount, limit, rest) ->
                new RuleSpec(
                    effect,
                    initiators,
                    wallets,
                    operations,
                    to,
                    amount,
                    limit,
                    rest.per,
                    rest.quorum,
                    rest.hours));
  }

  private record Rest(String per, int quorum, int hours) {}
}
