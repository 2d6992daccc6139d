package dev.countersign.nonce.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.PayloadLedger.Stuck;
import dev.countersign.core.request.RequestState;
import dev.countersign.nonce.replacement.PostgresPayloadLedger;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.NonceBench;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On a chain that makes a block for each transaction and none without, and a table that holds a
/// long past.
@WithTestEnvironment
@Timeout(60)
class HotPathPlansIT {
  private static final int PAST = 20_000;
  private static final int COUNT = 40;

  private final DevChain chain;
  private final ChainId chainId;
  private final NonceBench bench;

  HotPathPlansIT(PostgresDatabase database, DevChain chain) {
    this.chain = chain;
    this.chainId = ChainId.ofEip155(chain.chainId());
    this.bench = new NonceBench(database, chainId, List.of(chain.rpcUrl()), 1);
  }

  @Test
  void noStatementReadsThePast() {
    TestAccount account = new TestAccount("plans");
    chain.rpc().setBalance(account.address().hex(), BigInteger.TEN.pow(18));
    writeThePast();
    long before = sequentialScans();
    try (bench) {
      Instance instance = bench.instance().broadcasting().tracking();
      List<Owned> owned = instance.admit(new Lane(chainId, account.address()), COUNT);
      instance.settle(account, owned);
      await()
          .atMost(Duration.ofSeconds(25))
          .until(
              () ->
                  owned.stream()
                      .allMatch(one -> bench.state(one.request()) == RequestState.CONFIRMED));
    }
    // Sessions tell what they did when they end.
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> number("SELECT n_tup_upd FROM pg_stat_user_tables" + WHERE) >= 3 * COUNT);
    assertThat(sequentialScans()).as("sequential scans of nonce.transaction").isEqualTo(before);
  }

  @Test
  void whatIsStuckIsFoundWithoutReadingThePast() {
    writeThePast();
    bench
        .owner()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO nonce.transaction (chain, address, nonce, request_id, state, signed,
                      hash, due_at, owned_at, signed_at, most_cost)
                    SELECT ?, '0x' || lpad('1', 40, '0'), 1000 + n, gen_random_uuid(), 'SIGNED',
                      '\\x02', '0x' || repeat('0', 64), now(), now(), now() - interval '1 h', 1
                    FROM generate_series(0, ? - 1) n
                    """,
                    chainId.caip2(),
                    COUNT));
    long before = number("SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_user_tables" + WHERE);
    try (bench) {
      Instance instance = bench.instance();
      var payloads = new PostgresPayloadLedger(instance.unitOfWork(), InstantSource.system());
      List<Stuck> stuck =
          instance
              .unitOfWork()
              .inTransaction(
                  t ->
                      payloads.claimStuck(
                          t, chainId, Duration.ofMinutes(2), Duration.ofMinutes(2), 10));
      assertThat(stuck).as("the first of its lane alone").hasSize(1);
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> number("SELECT n_tup_upd FROM pg_stat_user_tables" + WHERE) >= 1);
    assertThat(number("SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_user_tables" + WHERE))
        .as("rows of nonce.transaction that were read")
        .isLessThan(before + 5L * COUNT);
  }

  private static final String WHERE = " WHERE schemaname = 'nonce' AND relname = 'transaction'";

  /// Of two days ago: the chain knows nothing of it, and what ended within a day would be taken for
  /// lost.
  private void writeThePast() {
    bench
        .owner()
        .useHandle(
            handle -> {
              handle.execute(
                  """
                  INSERT INTO nonce.lane (chain, address, next_nonce, opened_at)
                  SELECT ?, '0x' || lpad(to_hex(a), 40, '0'), 1000, now()
                  FROM generate_series(1, 50) a
                  """,
                  chainId.caip2());
              handle.execute(
                  """
                  INSERT INTO nonce.transaction (chain, address, nonce, request_id, state, signed,
                    hash, due_at, block_number, block_hash, owned_at, signed_at, final_at,
                    most_cost)
                  SELECT ?, '0x' || lpad(to_hex(1 + n / 1000), 40, '0'), n % 1000,
                    gen_random_uuid(), 'CONFIRMED', '\\x02', '0x' || repeat('0', 64), now(), 1,
                    '0x' || repeat('0', 64), now(), now(), now() - interval '2 days', 1
                  FROM generate_series(0, ? - 1) n
                  """,
                  chainId.caip2(), PAST);
              handle.execute("ANALYZE nonce.transaction");
            });
  }

  private long sequentialScans() {
    return number("SELECT seq_scan FROM pg_stat_user_tables" + WHERE);
  }

  private long number(String sql) {
    return Long.parseLong(bench.text(sql));
  }
}
