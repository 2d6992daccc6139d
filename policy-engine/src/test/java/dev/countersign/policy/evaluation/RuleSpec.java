package dev.countersign.policy.evaluation;

import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.ScopeKey;
import dev.countersign.policy.sample.Samples;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A rule in the plainest form, with a second reading of what it means to compare with. An empty
/// `Optional` sets no condition.
record RuleSpec(
    String name,
    Effect effect,
    Optional<Set<String>> initiators,
    Optional<Set<String>> wallets,
    Optional<Set<Long>> chains,
    Set<String> operations,
    Optional<Set<String>> destinations,
    Optional<Long> maximum,
    Optional<Long> limit,
    Counts counts) {
  /// The key is one of RFC 8032, section 7.1.
  private static final String HEAD =
      """
      format: countersign/policy/v1
      approvers: {dina: {keys: ["ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]}}
      groups: {risk: [dina]}
      rules:\
      """;

  /// What gas may cost in every request.
  static final long GAS = Samples.FEES.mostGasCost().longValueExact();

  /// What the limit counts.
  enum Counts {
    VALUE("counts: [value], "),
    GAS("counts: [gas], "),
    BOTH("counts: [gas, value], "),
    UNSAID("");

    private final String yaml;

    Counts(String yaml) {
      this.yaml = yaml;
    }

    private boolean value() {
      return this != GAS;
    }

    private long gas() {
      return this == VALUE ? 0 : RuleSpec.GAS;
    }
  }

  /// What is asked.
  record Request(
      String initiator,
      String wallet,
      long chain,
      String operation,
      String destination,
      long amount) {
    boolean isToken() {
      return operation.equals("erc20-transfer");
    }
  }

  RuleSpec named(String other) {
    return new RuleSpec(
        other,
        effect,
        initiators,
        wallets,
        chains,
        operations,
        destinations,
        maximum,
        limit,
        counts);
  }

  boolean allows() {
    return effect == Effect.ALLOW;
  }

  boolean demands() {
    return effect == Effect.REQUIRE || effect == Effect.DELAY;
  }

  /// Amounts mean the native asset, so a rule with any is not about the token.
  private boolean nativeOnly() {
    return maximum.isPresent() || (limit.isPresent() && counts.value());
  }

  /// Whether its criteria hold.
  private boolean isAbout(Request request) {
    return initiators.map(all -> all.contains(request.initiator())).orElse(true)
        && wallets.map(all -> all.contains(request.wallet())).orElse(true)
        && chains.map(all -> all.contains(request.chain())).orElse(true)
        && operations.contains(request.operation())
        && destinations.map(all -> all.contains(request.destination())).orElse(true)
        && !(nativeOnly() && request.isToken())
        && maximum.map(most -> allows() == (request.amount() <= most)).orElse(true);
  }

  private boolean hasRoom(Request request, long spent) {
    return limit.map(most -> spent + charge(request) <= most + counts.gas()).orElse(true);
  }

  /// A rule that restricts begins where its limits end.
  boolean matches(Request request, long spent) {
    return isAbout(request) && (limit.isEmpty() || allows() == hasRoom(request, spent));
  }

  /// Whether what is allowed counts in its limit.
  boolean isCharged(Request request, long spent) {
    return limit.isPresent() && isAbout(request) && (!allows() || hasRoom(request, spent));
  }

  /// What the request takes of the limit.
  long charge(Request request) {
    return (counts.value() ? request.amount() : 0) + counts.gas();
  }

  ScopeKey scope(Request request) {
    return new ScopeKey(
        "%s/all eip155:%d/slip44:60 wallet=%s".formatted(name, request.chain(), request.wallet()));
  }

  String yaml() {
    StringBuilder yaml = new StringBuilder();
    line(yaml, "  - name: " + name);
    line(yaml, "    effect: " + effect);
    line(yaml, "    initiators: " + list(initiators));
    line(yaml, "    wallets: " + list(wallets));
    line(yaml, "    chains: " + list(chains.map(RuleSpec::caip2)));
    line(yaml, "    operations: " + list(Optional.of(operations)));
    line(yaml, "    destinations: " + list(destinations));
    line(yaml, "    assets: " + (nativeOnly() ? "[native]" : "any"));
    maximum.ifPresent(most -> line(yaml, (allows() ? "    maximum: " : "    above: ") + most));
    limit.ifPresent(
        most ->
            line(
                yaml,
                "    limits: [{name: all, maximum: %d, %swindow: PT1H, per: [wallet]}]"
                    .formatted(most + counts.gas(), counts.yaml)));
    switch (effect) {
      case ALLOW -> line(yaml, "    maximumGasCost: any");
      case DENY -> {}
      case REQUIRE -> line(yaml, "    approvals: {group: risk, count: 1}");
      case DELAY -> line(yaml, "    delay: PT1H");
    }
    return yaml.toString();
  }

  private static void line(StringBuilder yaml, String line) {
    yaml.append(line).append('\n');
  }

  private static Set<String> caip2(Set<Long> chains) {
    return Set.copyOf(chains.stream().map(chain -> "eip155:" + chain).toList());
  }

  private static String list(Optional<Set<String>> values) {
    return values
        .map(all -> "['" + String.join("', '", all.stream().sorted().toList()) + "']")
        .orElse("any");
  }

  static String policy(List<RuleSpec> rules) {
    StringBuilder yaml = new StringBuilder(HEAD);
    yaml.append(rules.isEmpty() ? " []\n" : "\n");
    rules.forEach(rule -> yaml.append(rule.yaml()));
    return yaml.toString();
  }
}
