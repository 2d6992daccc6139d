package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.pay;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.Action;
import dev.countersign.core.action.Deed;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.rule.IndexDimension.Listing;
import dev.countersign.policy.sample.Samples;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Laws of finding rules, over random policies of a small world in which most things meet.
class RuleIndexPropertyTest {
  private static final Bytes APPROVE = Bytes.fromHex("0x095ea7b3");
  private static final Bytes DEPOSIT = Bytes.fromHex("0xd0e30db0");

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void everyRuleThatIsAboutAnActionIsFoundInTheOrderOfTheDocument(
      @ForAll("policies") List<Rule> rules, @ForAll("actions") JudgedAction action) {
    List<Rule> found = RuleIndex.of(rules).candidates(action);
    assertThat(found.stream().filter(rule -> rule.isAbout(action)))
        .containsExactlyElementsOf(rules.stream().filter(rule -> rule.isAbout(action)).toList());
    assertThat(found).containsExactlyElementsOf(rules.stream().filter(found::contains).toList());
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void aRuleWhoseEveryListIsAboutOthersIsNotEvenLookedAt(
      @ForAll("policies") List<Rule> rules, @ForAll("actions") JudgedAction action) {
    for (Rule found : RuleIndex.of(rules).candidates(action)) {
      List<Criterion> lists = found.criteria().stream().filter(Listing.class::isInstance).toList();
      assertThat(lists.isEmpty() || lists.stream().anyMatch(list -> list.holds(action))).isTrue();
    }
  }

  @Provide
  Arbitrary<JudgedAction> actions() {
    return Combinators.combine(
            Arbitraries.of("desk", "payouts", "ops"),
            Arbitraries.of("hot-1", "hot-2", "hot-3"),
            Arbitraries.of(1L, 10L, 137L),
            deeds())
        .as(
            (client, wallet, chain, deed) ->
                JudgedAction.of(
                    Samples.subject(
                        new SigningRequestId(new UUID(1, 2)),
                        client,
                        wallet,
                        ChainId.ofEip155(chain),
                        pay(ALICE, BigInteger.ONE)),
                    new Action(List.of(), ALICE, deed),
                    Optional.empty()));
  }

  private static Arbitrary<Deed> deeds() {
    return Combinators.combine(Arbitraries.of(ALICE, BOB, USDC), Arbitraries.of(APPROVE, DEPOSIT))
        .flatAs(
            (to, selector) ->
                Arbitraries.of(
                    new Deed.NativeTransfer(to, Wei.ZERO),
                    new Deed.TokenTransfer(USDC, ALICE, to, BigInteger.TWO),
                    new Deed.ContractCall(to, Wei.ZERO, selector),
                    new Deed.ContractCreation(Wei.ZERO, selector)));
  }

  private record Lists(
      Optional<Set<String>> initiators,
      Optional<Set<String>> wallets,
      Optional<Set<Long>> chains,
      Optional<Set<Operation>> operations,
      Optional<Set<Address>> destinations,
      Optional<Set<Bytes>> selectors) {
    /// A maximum stands for what the index knows nothing of.
    List<Criterion> criteria(long maximum) {
      List<Criterion> criteria = new ArrayList<>();
      criteria.add(new MaximumCriterion(BigInteger.valueOf(maximum), true, ""));
      initiators.ifPresent(
          all -> criteria.add(new InitiatorCriterion(each(all, ClientId::new), "")));
      wallets.ifPresent(all -> criteria.add(new WalletCriterion(each(all, WalletId::new), "")));
      chains.ifPresent(
          all -> criteria.add(new ChainCriterion(each(all, ChainId::ofEip155), false, "")));
      operations.ifPresent(all -> criteria.add(new OperationCriterion(EnumSet.copyOf(all), "")));
      destinations.ifPresent(
          all -> criteria.add(new DestinationCriterion(List.of(), all, Map.of(), "")));
      selectors.ifPresent(all -> criteria.add(new SelectorCriterion(all, "")));
      return criteria;
    }

    private static <T, V> Set<V> each(Set<T> all, Function<T, V> value) {
      return Set.copyOf(all.stream().map(value).toList());
    }
  }

  @Provide
  Arbitrary<List<Rule>> policies() {
    Arbitrary<Lists> lists =
        Combinators.combine(
                some(List.of("desk", "payouts", "ops")),
                some(List.of("hot-1", "hot-2", "hot-3")),
                some(List.of(1L, 10L, 137L)),
                some(
                    List.of(
                        Operation.NATIVE_TRANSFER,
                        Operation.ERC20_TRANSFER,
                        Operation.CONTRACT_CALL,
                        Operation.CONTRACT_CREATION)),
                some(List.of(ALICE, BOB, USDC)),
                some(List.of(APPROVE, DEPOSIT)))
            .as(Lists::new);
    return Combinators.combine(lists, Arbitraries.longs().between(0, 3))
        .as(Lists::criteria)
        .list()
        .ofMaxSize(12)
        .map(
            all -> {
              List<Rule> rules = new ArrayList<>();
              all.forEach(
                  criteria ->
                      rules.add(
                          new Rule(
                              "rule-" + rules.size(),
                              Effect.ALLOW,
                              "",
                              criteria,
                              List.of(),
                              Optional.empty())));
              return rules;
            });
  }

  /// Most rules leave out most criteria.
  private static <T> Arbitrary<Optional<Set<T>>> some(List<T> values) {
    return Arbitraries.of(values).set().ofMinSize(1).optional(0.5);
  }
}
