package dev.countersign.policy.evaluation;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.MAINNET;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.evaluation.RuleSpec.Request;
import dev.countersign.policy.evaluation.Verdict.Allow;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.evaluation.Verdict.Deny;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.sample.Samples;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Laws of judging, over random policies of a small world in which most things meet.
class PolicyJudgePropertyTest {
  private static final long SPENT = 3;

  /// Of chain 1 alone.
  private static final List<SignedPrice> PRICES =
      List.of(
          price(AssetId.nativeOf(MAINNET), RuleSpec.NATIVE_PRICE),
          price(AssetId.erc20(MAINNET, USDC), RuleSpec.TOKEN_PRICE));

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void judgesAsASecondReadingOfTheRulesDoes(
      @ForAll("policies") List<RuleSpec> rules, @ForAll("requests") Request request) {
    Optional<RuleSpec> denying =
        rules.stream()
            .filter(rule -> rule.effect() == Effect.DENY && rule.matches(request, SPENT))
            .findFirst();
    List<RuleSpec> allowing =
        rules.stream().filter(rule -> rule.allows() && rule.matches(request, SPENT)).toList();
    Verdict verdict = judge(rules, request);
    if (denying.isPresent()) {
      assertThat(verdict).isInstanceOf(Deny.class);
      assertThat(verdict.rule()).isEqualTo(denying.get().name());
    } else if (allowing.isEmpty()) {
      assertThat(verdict).isInstanceOf(Deny.class);
      assertThat(verdict.rule()).isEqualTo(Decision.DEFAULT_DENY);
    } else {
      assertThat(verdict.rule()).isEqualTo(allowing.getFirst().name());
      assertThat(((Allow) verdict).charges())
          .containsExactlyElementsOf(
              rules.stream()
                  .filter(rule -> rule.isCharged(request, SPENT))
                  .map(
                      rule ->
                          new Charge(
                              rule.scope(request),
                              BigInteger.valueOf(rule.charge(request).orElseThrow())))
                  .toList());
      assertThat(((Allow) verdict).conditions().ruleNames())
          .containsExactlyElementsOf(
              rules.stream()
                  .filter(rule -> rule.demands() && rule.matches(request, SPENT))
                  .map(RuleSpec::name)
                  .toList());
    }
    List<RuleOutcome> explained = explain(rules, request);
    for (int i = 0; i < rules.size(); i++) {
      assertThat(explained.get(i).matched()).isEqualTo(rules.get(i).matches(request, SPENT));
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void addingARuleThatDeniesNeverAllowsMore(
      @ForAll("policies") List<RuleSpec> rules,
      @ForAll("rules") RuleSpec added,
      @ForAll("requests") Request request) {
    RuleSpec deny = with(added, "added", Effect.DENY);
    if (judge(rules, request) instanceof Deny) {
      assertThat(judge(inserted(rules, deny), request)).isInstanceOf(Deny.class);
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void addingARuleThatAllowsNeverTouchesWhatARuleDenies(
      @ForAll("policies") List<RuleSpec> rules,
      @ForAll("rules") RuleSpec added,
      @ForAll("requests") Request request) {
    Verdict before = judge(rules, request);
    if (before instanceof Deny && !before.rule().equals(Decision.DEFAULT_DENY)) {
      Verdict after = judge(inserted(rules, with(added, "added", Effect.ALLOW)), request);
      assertThat(after.rule()).isEqualTo(before.rule());
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void addingARuleThatDemandsOnlyAddsADemand(
      @ForAll("policies") List<RuleSpec> rules,
      @ForAll("rules") RuleSpec added,
      @ForAll("requests") Request request,
      @ForAll boolean delays) {
    RuleSpec demanding = with(added, "added", delays ? Effect.DELAY : Effect.REQUIRE);
    Verdict before = judge(rules, request);
    Verdict after = judge(inserted(rules, demanding), request);
    assertThat(after.rule()).isEqualTo(before.rule());
    if (before instanceof Allow allow) {
      Set<String> names = new HashSet<>(allow.conditions().ruleNames());
      if (demanding.matches(request, SPENT)) {
        names.add("added");
      }
      assertThat(((Allow) after).conditions().ruleNames())
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void addingARuleThatAllowsTakesNoDemandAway(
      @ForAll("policies") List<RuleSpec> rules,
      @ForAll("rules") RuleSpec added,
      @ForAll("requests") Request request) {
    if (judge(rules, request) instanceof Allow before) {
      Verdict after = judge(inserted(rules, with(added, "added", Effect.ALLOW)), request);
      assertThat(((Allow) after).conditions()).isEqualTo(before.conditions());
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void removingTheNamedRuleChangesTheDecision(
      @ForAll("policies") List<RuleSpec> rules, @ForAll("requests") Request request) {
    Verdict verdict = judge(rules, request);
    List<RuleSpec> without =
        rules.stream().filter(rule -> !rule.name().equals(verdict.rule())).toList();
    if (without.size() < rules.size()) {
      assertThat(judge(without, request).rule()).isNotEqualTo(verdict.rule());
    } else {
      assertThat(((Deny) verdict).outcomes())
          .filteredOn(
              outcome -> outcome.effect().equals("ALLOW") || outcome.effect().equals("DENY"))
          .noneMatch(RuleOutcome::matched);
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void theOrderOfRulesDecidesOnlyWhichIsNamed(
      @ForAll("policies") List<RuleSpec> rules,
      @ForAll("requests") Request request,
      @ForAll Random random) {
    List<RuleSpec> shuffled = new ArrayList<>(rules);
    Collections.shuffle(shuffled, random);
    Verdict one = judge(rules, request);
    Verdict other = judge(shuffled, request);
    assertThat(other.getClass()).isEqualTo(one.getClass());
    assertThat(charges(other)).isEqualTo(charges(one));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void scopesNameEverythingThatIsCharged(
      @ForAll("policies") List<RuleSpec> rules, @ForAll("requests") Request request) {
    var scopes = PolicyJudge.scopes(policy(RuleSpec.policy(rules)), subjectOf(request)).keySet();
    assertThat(charges(judge(rules, request))).allMatch(charge -> scopes.contains(charge.scope()));
  }

  @Property(tries = 300)
  void anyBytesAreJudgedAndTheSameWayTwice(@ForAll byte[] bytes) {
    assertThat(judgeBytes(Bytes.of(bytes)))
        .isInstanceOf(Deny.class)
        .isEqualTo(judgeBytes(Bytes.of(bytes)));
  }

  @Property(tries = 300)
  void aTransactionWithOneByteChangedIsJudgedByWhatItSaysNow(
      @ForAll("positions") int position, @ForAll byte change) {
    Bytes paid = payload(pay(ALICE, BigInteger.ONE));
    byte[] bytes = paid.toArray();
    bytes[position % bytes.length] = change;
    Bytes changed = Bytes.of(bytes);
    Verdict verdict = judgeBytes(changed);
    assertThat(verdict).isEqualTo(judgeBytes(changed));
    if (verdict instanceof Allow) {
      assertThat(Samples.payee(changed)).contains(ALICE);
    }
  }

  private static Verdict judgeBytes(Bytes payload) {
    String onlyAlice = allowing("destinations: ['" + ALICE + "']", "initiators: any");
    return PolicyJudge.judge(
        policy(onlyAlice), subject("desk", "hot-1"), payload, scope -> BigInteger.ZERO);
  }

  private static Verdict judge(List<RuleSpec> rules, Request request) {
    return PolicyJudge.judge(
        policy(RuleSpec.policy(rules)),
        subjectOf(request),
        payload(ChainId.ofEip155(request.chain()), intent(request)),
        scope -> BigInteger.valueOf(SPENT));
  }

  private static List<RuleOutcome> explain(List<RuleSpec> rules, Request request) {
    return PolicyJudge.explain(
        policy(RuleSpec.policy(rules)),
        subjectOf(request),
        payload(ChainId.ofEip155(request.chain()), intent(request)),
        scope -> BigInteger.valueOf(SPENT));
  }

  private static PolicySubject subjectOf(Request request) {
    return subject(
            new SigningRequestId(new UUID(1, 2)),
            request.initiator(),
            request.wallet(),
            ChainId.ofEip155(request.chain()),
            intent(request))
        .pricedBy(PRICES);
  }

  private static SignedPrice price(AssetId asset, long usd) {
    return new SignedPrice(
        new PriceStatement(
            new FeedName("feed"),
            asset,
            18,
            new CurrencyCode("USD"),
            BigDecimal.valueOf(usd),
            subject("desk", "hot-1").at()),
        Bytes.of(new byte[64]));
  }

  private static Intent.OfTransaction intent(Request request) {
    Address to = Address.parse(request.destination());
    BigInteger amount = BigInteger.valueOf(request.amount());
    return switch (request.operation()) {
      case "native-transfer" -> pay(to, amount);
      case "erc20-transfer" -> Samples.payToken(USDC, to, amount);
      default -> new Intent.ContractCall(to, new Wei(amount), Bytes.fromHex("0x12345678"));
    };
  }

  private static Set<Charge> charges(Verdict verdict) {
    return verdict instanceof Allow allow ? new HashSet<>(allow.charges()) : Set.of();
  }

  private static RuleSpec with(RuleSpec rule, String name, Effect effect) {
    return new RuleSpec(
        name,
        effect,
        rule.initiators(),
        rule.wallets(),
        rule.chains(),
        rule.operations(),
        rule.destinations(),
        rule.maximum(),
        rule.limit(),
        rule.counts(),
        rule.inDollars());
  }

  private static List<RuleSpec> inserted(List<RuleSpec> rules, RuleSpec rule) {
    List<RuleSpec> all = new ArrayList<>(rules);
    all.add(rules.size() / 2, rule);
    return all;
  }

  @Provide
  Arbitrary<Integer> positions() {
    return Arbitraries.integers().between(0, 200);
  }

  @Provide
  Arbitrary<Request> requests() {
    return Combinators.combine(
            Arbitraries.of("desk", "payouts"),
            Arbitraries.of("hot-1", "hot-2"),
            Arbitraries.of(1L, 10L),
            Arbitraries.of("native-transfer", "erc20-transfer", "contract-call"),
            Arbitraries.of(ALICE.hex(), BOB.hex()),
            Arbitraries.longs().between(0, 6))
        .as(Request::new);
  }

  private record Limit(Optional<Long> most, RuleSpec.Counts counts, boolean inDollars) {}

  @Provide
  Arbitrary<RuleSpec> rules() {
    return Combinators.combine(
            Arbitraries.of(
                Effect.ALLOW,
                Effect.ALLOW,
                Effect.ALLOW,
                Effect.DENY,
                Effect.REQUIRE,
                Effect.DELAY),
            some("desk", "payouts"),
            some("hot-1", "hot-2"),
            some(1L, 10L),
            Arbitraries.of("native-transfer", "erc20-transfer", "contract-call").set().ofMinSize(1),
            some(ALICE.hex(), BOB.hex()),
            Arbitraries.longs().between(0, 6).optional(),
            Combinators.combine(
                    Arbitraries.longs().between(0, 9).optional(),
                    Arbitraries.of(RuleSpec.Counts.values()),
                    Arbitraries.of(true, false))
                .as(Limit::new))
        .as(
            (effect, initiators, wallets, chains, operations, destinations, maximum, limit) ->
                new RuleSpec(
                    "rule",
                    effect,
                    initiators,
                    wallets,
                    chains,
                    operations,
                    destinations,
                    maximum,
                    limit.most(),
                    limit.counts(),
                    limit.inDollars()));
  }

  @Provide
  Arbitrary<List<RuleSpec>> policies() {
    return rules()
        .list()
        .ofMaxSize(6)
        .map(
            rules -> {
              List<RuleSpec> named = new ArrayList<>();
              rules.forEach(rule -> named.add(rule.named("rule-" + named.size())));
              return named;
            });
  }

  private static <T> Arbitrary<Optional<Set<T>>> some(T one, T other) {
    return Arbitraries.of(one, other).set().ofMinSize(1).optional();
  }
}
