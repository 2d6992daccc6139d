package dev.countersign.policy.engine;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.WalletId;
import dev.countersign.database.SqlRows;
import dev.countersign.policy.breaker.Breaker;
import dev.countersign.policy.breaker.BreakerCount;
import dev.countersign.policy.store.StoredDecision;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// What was decided, added up by batch, wallet and chain. Inserted only, so that admissions of one
/// wallet do not wait for each other here.
final class Tallies {
  private static final String INSERT =
      """
      INSERT INTO policy.tally (wallet, vault, chain, signatures, denials, native_value)
      SELECT wallet, vault, chain, signatures, denials, native_value
      FROM unnest(:wallet, :vault, :chain, :signatures, :denials, :native_value)
        AS counted (wallet, vault, chain, signatures, denials, native_value)
      """;

  private static final String FORGET =
      "DELETE FROM policy.tally WHERE at <= now() - interval '2 hours'";

  private Tallies() {}

  private record Key(WalletId wallet, VaultId vault, ChainId chain) {
    static Key of(StoredDecision stored) {
      return new Key(
          stored.subject().wallet().id(),
          stored.subject().wallet().vault(),
          stored.subject().chain());
    }
  }

  private record Tally(Key key, long signatures, long denials, BigInteger nativeValue) {
    Tally plus(Tally other) {
      return new Tally(
          key,
          signatures + other.signatures,
          denials + other.denials,
          nativeValue.add(other.nativeValue));
    }

    static Tally of(StoredDecision stored) {
      Key key = Key.of(stored);
      return switch (stored.decision()) {
        case Allowed allowed ->
            new Tally(
                key,
                1,
                0,
                allowed.observed().asset().isNative()
                    ? allowed.observed().amount()
                    : BigInteger.ZERO);
        case Denied _ -> new Tally(key, 0, 1, BigInteger.ZERO);
        case Decision.Held _ -> throw new IllegalStateException("what is held is not decided yet");
      };
    }
  }

  /// Whether breakers count it: a client that asks again and again for what is frozen is no reason
  /// to freeze more.
  static boolean isCounted(StoredDecision stored) {
    return !stored.decision().rule().equals(Decision.FROZEN);
  }

  static void insert(Handle handle, List<StoredDecision> counted) {
    Map<Key, Tally> tallies = new HashMap<>();
    counted.forEach(stored -> tallies.merge(Key.of(stored), Tally.of(stored), Tally::plus));
    Collection<Tally> rows = tallies.values();
    SqlRows.of(rows)
        .text("wallet", tally -> tally.key().wallet().value())
        .text("vault", tally -> tally.key().vault().value())
        .text("chain", tally -> tally.key().chain().caip2())
        .bigint("signatures", Tally::signatures)
        .bigint("denials", Tally::denials)
        .numeric("native_value", Tally::nativeValue)
        .bindTo(handle.createUpdate(INSERT))
        .execute();
  }

  /// What `breaker` counts of `scope` within its window until now; of native value the most on one
  /// chain. Only what was counted since the scope was last thawed: otherwise it would be frozen
  /// again for the same.
  static BigInteger count(Handle handle, Breaker breaker, FreezeScope scope) {
    String column =
        switch (breaker.counts()) {
          case SIGNATURES -> "signatures";
          case DENIALS -> "denials";
          case NATIVE_VALUE -> "native_value";
        };
    String apart = breaker.counts() == BreakerCount.NATIVE_VALUE ? "chain" : "()";
    Query query =
        handle.createQuery(
            """
            SELECT coalesce(max(counted), 0) FROM (
              SELECT sum(%1$s) AS counted FROM policy.tally
              WHERE %2$s AND at > greatest(
                now() - make_interval(secs => :seconds),
                (SELECT max(recorded_at) FROM policy.thaw
                  JOIN policy.frozen ON frozen.id = thaw.frozen WHERE scope = :scope))
              GROUP BY %3$s) AS apart
            """
                .formatted(column, condition(scope), apart));
    bindName(scope, query);
    return query
        .bind("seconds", breaker.window().toSeconds())
        .bind("scope", scope.text())
        .mapTo(BigDecimal.class)
        .one()
        .toBigIntegerExact();
  }

  /// Takes away what no breaker counts any more.
  static void forget(Handle handle) {
    handle.execute(FORGET);
  }

  private static String condition(FreezeScope scope) {
    return switch (scope) {
      case FreezeScope.OfWallet _ -> "wallet = :name";
      case FreezeScope.OfVault _ -> "vault = :name";
      case FreezeScope.OfChain _ -> "chain = :name";
      case FreezeScope.Everything _ -> "true";
    };
  }

  private static void bindName(FreezeScope scope, Query query) {
    switch (scope) {
      case FreezeScope.OfWallet(WalletId wallet) -> query.bind("name", wallet.value());
      case FreezeScope.OfVault(VaultId vault) -> query.bind("name", vault.value());
      case FreezeScope.OfChain(ChainId chain) -> query.bind("name", chain.caip2());
      case FreezeScope.Everything _ -> {}
    }
  }
}
