package dev.countersign.core.approval;

import dev.countersign.core.approval.RuleQuorum.AllOf;
import dev.countersign.core.approval.RuleQuorum.AnyOf;
import dev.countersign.core.approval.RuleQuorum.Members;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Quorums over few people, so that groups overlap, and statements of every shape.
final class ApprovalArbitraries {
  private static final BigInteger MOST = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
  private static final List<ApproverName> PEOPLE =
      List.of("alice", "bob", "carol", "dave", "erin", "frank").stream()
          .map(ApproverName::new)
          .toList();

  private ApprovalArbitraries() {}

  static Arbitrary<Set<ApproverName>> people() {
    return Arbitraries.subsetOf(PEOPLE);
  }

  static Arbitrary<Members> groups() {
    return Combinators.combine(
            slugs(), people().filter(set -> !set.isEmpty()), Arbitraries.integers().between(1, 6))
        .as((name, set, count) -> Members.of(name, set, Math.min(count, set.size())));
  }

  static Arbitrary<RuleQuorum> ruleQuorums() {
    return nested(2);
  }

  private static Arbitrary<RuleQuorum> nested(int depth) {
    Arbitrary<RuleQuorum> leaf = groups().map(group -> group);
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<List<RuleQuorum>> parts = nested(depth - 1).list().ofMinSize(1).ofMaxSize(3);
    return Arbitraries.oneOf(
        leaf,
        parts.filter(list -> NestedQuorums.product(list) <= RuleQuorum.MOST_WAYS).map(AllOf::new),
        parts.filter(list -> NestedQuorums.sum(list) <= RuleQuorum.MOST_WAYS).map(AnyOf::new));
  }

  static Arbitrary<Quorum> quorums() {
    return ruleQuorums().list().ofMinSize(1).ofMaxSize(3).map(Quorum::combined);
  }

  static Arbitrary<String> slugs() {
    return Arbitraries.strings().withCharRange('a', 'z').numeric().ofMinLength(1).ofMaxLength(12);
  }

  static Arbitrary<ApprovalStatement> statements() {
    return Combinators.combine(keys(), digests(), transactions(), terms(), ids())
        .as(
            (key, digest, transaction, terms, id) ->
                new ApprovalStatement(id, key, digest, transaction, terms));
  }

  private static Arbitrary<SigningRequestId> ids() {
    return Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
        .as((high, low) -> new SigningRequestId(new UUID(high, low)));
  }

  private static Arbitrary<IdempotencyKey> keys() {
    return Combinators.combine(
            slugs(),
            Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars("._:/-")
                .ofMinLength(1)
                .ofMaxLength(128))
        .as((client, id) -> new IdempotencyKey(new ClientId(client), id));
  }

  private static Arbitrary<Bytes> bytes(int size) {
    return Arbitraries.bytes().array(byte[].class).ofSize(size).map(Bytes::of);
  }

  private static Arbitrary<Digest32> digests() {
    return bytes(32).map(Digest32::new);
  }

  private static Arbitrary<Wei> amounts() {
    return Arbitraries.bigIntegers().between(BigInteger.ZERO, MOST).map(Wei::new);
  }

  private static Arbitrary<ApprovedTransaction> transactions() {
    return Combinators.combine(
            slugs().map(WalletId::new),
            bytes(20).map(Address::of),
            Arbitraries.longs().between(1, 999_999_999L).map(ChainId::ofEip155),
            bytes(20).map(Address::of).optional(),
            amounts(),
            Combinators.combine(digests(), Arbitraries.integers().greaterOrEqual(0)).as(Data::new),
            Combinators.combine(digests().optional(), fees().optional()).as(Options::new),
            amounts())
        .as(
            (wallet, account, chain, to, value, data, options, gas) ->
                new ApprovedTransaction(
                    wallet,
                    account,
                    chain,
                    to,
                    value,
                    data.hash,
                    data.size,
                    options.envelope,
                    options.fees,
                    gas));
  }

  private record Data(Digest32 hash, int size) {}

  private record Options(Optional<Digest32> envelope, Optional<FeeChoice.ByMarket> fees) {}

  private static Arbitrary<FeeChoice.ByMarket> fees() {
    return Combinators.combine(
            Arbitraries.of(FeeStrategy.class).optional(),
            amounts(),
            Arbitraries.longs().between(21_000, Long.MAX_VALUE).map(GasLimit::new).optional())
        .as((strategy, cap, limit) -> new FeeChoice.ByMarket(strategy, Optional.of(cap), limit));
  }

  private static Arbitrary<ApprovalTerms> terms() {
    Arbitrary<Long> seconds = Arbitraries.longs().between(0, 253_402_300_798L);
    return Combinators.combine(
            Combinators.combine(Arbitraries.longs().between(1, 999_999_999_999L), digests())
                .as(PolicyVersion::new),
            slugs().list().ofMinSize(1).ofMaxSize(4),
            Arbitraries.integers()
                .between(1, 10_000)
                .optional()
                .map(
                    after ->
                        new HiddenRoute(after.map(OptionalInt::of).orElseGet(OptionalInt::empty)))
                .optional(),
            quorums(),
            Arbitraries.longs().between(0, 316_224_000L).map(Duration::ofSeconds),
            seconds,
            seconds)
        .as(
            (policy, rules, route, quorum, delay, one, other) ->
                new ApprovalTerms(
                    policy,
                    rules,
                    route,
                    quorum,
                    delay,
                    Instant.ofEpochSecond(Math.min(one, other)),
                    Instant.ofEpochSecond(Math.max(one, other) + 1)));
  }
}
