package dev.countersign.policy.evaluation;

import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.ScopeKey;
import dev.countersign.policy.sample.Samples;
import java.math.BigDecimal;
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
    Counts counts,
    boolean inDollars) {
  /// The key is one of RFC 8032, section 7.1.
  private static final String HEAD =
      """
      format: countersign/policy/v1
      prices:
        maximumAge: PT5M
        feeds: [{name: feed, key: "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}]
      approvers: {dina: {keys: ["ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]}}
      groups: {risk: [dina]}
      rules:\
      """;

  /// What a whole unit is worth in dollars on chain 1. The token has 18 decimals, too.
  static final long NATIVE_PRICE = 2;

  static final long TOKEN_PRICE = 3;

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

    /// What an amount of the smallest unit is worth, in the smallest unit of dollars: nobody knows
    /// on chain 10. Nothing is worth nothing everywhere.
    private Optional<Long> worth(long much, boolean ofToken) {
      if (much == 0) {
        return Optional.of(0L);
      }
      return chain == 1
          ? Optional.of(much * (ofToken ? TOKEN_PRICE : NATIVE_PRICE))
          : Optional.empty();
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
        counts,
        inDollars);
  }

  boolean allows() {
    return effect == Effect.ALLOW;
  }

  boolean demands() {
    return effect == Effect.REQUIRE || effect == Effect.DELAY;
  }

  /// Amounts mean the native asset, so a rule with any is not about the token.
  private boolean nativeOnly() {
    return !inDollars && (maximum.isPresent() || (limit.isPresent() && counts.value()));
  }

  /// Whether its criteria hold.
  private boolean isAbout(Request request) {
    return initiators.map(all -> all.contains(request.initiator())).orElse(true)
        && wallets.map(all -> all.contains(request.wallet())).orElse(true)
        && chains.map(all -> all.contains(request.chain())).orElse(true)
        && operations.contains(request.operation())
        && destinations.map(all -> all.contains(request.destination())).orElse(true)
        && !(nativeOnly() && request.isToken())
        && maximum.map(most -> allows() == isAtMost(request, most)).orElse(true);
  }

  /// What nobody can tell is more.
  private boolean isAtMost(Request request, long most) {
    return inDollars
        ? request.worth(request.amount(), request.isToken()).map(it -> it <= most).orElse(false)
        : request.amount() <= most;
  }

  private boolean hasRoom(Request request, long spent) {
    return limit
        .map(most -> charge(request).map(it -> spent + it <= most + gasRoom()).orElse(false))
        .orElse(true);
  }

  private long gasRoom() {
    return inDollars ? counts.gas() * NATIVE_PRICE : counts.gas();
  }

  /// A rule that restricts begins where its limits end.
  boolean matches(Request request, long spent) {
    return isAbout(request) && (limit.isEmpty() || allows() == hasRoom(request, spent));
  }

  /// Whether what is allowed counts in its limit.
  boolean isCharged(Request request, long spent) {
    return limit.isPresent()
        && isAbout(request)
        && charge(request).isPresent()
        && (!allows() || hasRoom(request, spent));
  }

  /// What the request takes of the limit; nothing when nobody can tell.
  Optional<Long> charge(Request request) {
    long value = counts.value() ? request.amount() : 0;
    return inDollars
        ? request
            .worth(value, request.isToken())
            .flatMap(it -> request.worth(counts.gas(), false).map(gas -> it + gas))
        : Optional.of(value + counts.gas());
  }

  ScopeKey scope(Request request) {
    return inDollars
        ? new ScopeKey("%s/all USD wallet=%s".formatted(name, request.wallet()))
        : new ScopeKey(
            "%s/all eip155:%d/slip44:60 wallet=%s"
                .formatted(name, request.chain(), request.wallet()));
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
    maximum.ifPresent(
        most -> line(yaml, (allows() ? "    maximum: " : "    above: ") + amount(most)));
    limit.ifPresent(
        most ->
            line(
                yaml,
                "    limits: [{name: all, maximum: %s, %swindow: PT1H, per: [wallet]}]"
                    .formatted(amount(most + gasRoom()), counts.yaml)));
    switch (effect) {
      case ALLOW -> line(yaml, "    maximumGasCost: any");
      case DENY -> {}
      case REQUIRE -> line(yaml, "    approvals: {group: risk, count: 1}");
      case DELAY -> line(yaml, "    delay: PT1H");
    }
    return yaml.toString();
  }

  private String amount(long units) {
    return inDollars
        ? BigDecimal.valueOf(units, 18).toPlainString() + " USD"
        : Long.toString(units);
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
