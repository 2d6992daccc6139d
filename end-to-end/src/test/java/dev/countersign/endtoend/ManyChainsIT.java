package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.chain.DevChainOptions;
import dev.countersign.testenv.chain.Mining;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.process.ProcessHome;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Transfers from many wallets on many chains through two servers, while one of them is killed, a
/// node hangs and chains reorganise: all land once. CONTRIBUTING.md has the command for more of
/// everything.
@WithTestEnvironment
@Timeout(1_800)
class ManyChainsIT {
  private static final int DEEPEST_REORG = 5;
  private static final ChainPace PACE = new ChainPace(DEEPEST_REORG + 1, "5s");
  private static final int AT_ONCE = 64;

  /// How much of everything.
  ///
  /// @param cut how long a node hangs
  private record Size(int chains, int wallets, int transfers, Duration cut, Duration patience) {
    static Size chosen() {
      return System.getProperty("countersign.soak") != null
          ? new Size(6, 50, 5_000, Duration.ofSeconds(30), Duration.ofMinutes(15))
          : new Size(3, 6, 180, Duration.ofSeconds(3), Duration.ofMinutes(2));
    }
  }

  /// @param chain the number of the chain in the list of them
  private record Transfer(Payment payment, int chain, Asking asking) {}

  private final Size size = Size.chosen();
  private final PostgresDatabase database;

  ManyChainsIT(PostgresDatabase database) {
    this.database = database;
  }

  @Test
  void landsEveryTransferOnce() throws Exception {
    var directory =
        Path.of("target", "deployments", "chains-" + ProcessHandle.current().pid())
            .toAbsolutePath();
    try (var home = ProcessHome.open(directory, step -> {})) {
      List<DevChain> chains = new ArrayList<>();
      for (int i = 0; i < size.chains; i++) {
        chains.add(
            DevChain.start(
                home,
                ToolCache.ofUser(),
                step -> {},
                "chain-" + i,
                new DevChainOptions(
                    31_400 + i, new Mining.Interval(Duration.ofMillis(250)), false)));
      }
      try (var deployment =
          Deployment.start("many-chains", database, chains, PACE, Policies.etherOfAnyWallet())) {
        run(deployment, chains);
      }
    }
  }

  private void run(Deployment deployment, List<DevChain> chains) throws Exception {
    var pinned = deployment.auditLog().verifierKey();
    int second = deployment.startAnother();
    List<Transfer> transfers = transfers(deployment, chains);
    try (var clients = TwoServers.connect(deployment, second);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Semaphore room = new Semaphore(AT_ONCE);
      List<Future<?>> asked = new ArrayList<>();
      for (int i = 0; i < transfers.size(); i++) {
        disturb(i, deployment, chains, work -> asked.add(threads.submit(work)));
        Transfer transfer = transfers.get(i);
        room.acquire();
        asked.add(
            threads.submit(
                () -> {
                  try {
                    clients.submit(transfer.payment().asked(transfer.asking()), size.patience);
                  } finally {
                    room.release();
                  }
                  return null;
                }));
      }
      join(asked);
    }
    allEnd();
    balance(deployment, chains, transfers);
    assertThat(deployment.auditLog().exportAndVerifyThrough(second, pinned))
        .isInstanceOf(VerificationResult.Verified.class);
  }

  private List<Transfer> transfers(Deployment deployment, List<DevChain> chains) throws Exception {
    List<String> wallets = new ArrayList<>(List.of(Deployment.WALLET));
    for (int i = 2; i <= size.wallets; i++) {
      deployment.addWallet("hot-" + i);
      wallets.add("hot-" + i);
    }
    // What was given to a wallet must be deeper than any reorganisation goes.
    chains.forEach(chain -> chain.rpc().mine(2 * DEEPEST_REORG));
    List<Payment> payments = Payment.series(7, size.transfers);
    List<Transfer> transfers = new ArrayList<>();
    for (int i = 0; i < payments.size(); i++) {
      int chain = i % chains.size();
      String wallet = wallets.get(i / chains.size() % wallets.size());
      transfers.add(
          new Transfer(
              payments.get(i), chain, new Asking(wallet, "eip155:" + chains.get(chain).chainId())));
    }
    return transfers;
  }

  private interface Aside {
    void run(Callable<?> work);
  }

  /// What happens before the transfer of that number.
  private void disturb(int number, Deployment deployment, List<DevChain> chains, Aside aside) {
    int tenth = size.transfers / 10;
    if (number == 3 * tenth) {
      aside.run(() -> hang(chains.getFirst()));
    } else if (number == 5 * tenth) {
      deployment.kill();
    } else if (number == 2 * tenth || number == 4 * tenth || number == 7 * tenth) {
      int depth = number == 7 * tenth ? DEEPEST_REORG : 2;
      chains.getLast().rpc().call("anvil_reorg", depth, List.of());
    }
  }

  private Duration hang(DevChain chain) throws Exception {
    try (var _ = new ChainFreeze(chain)) {
      Thread.sleep(size.cut);
    }
    return size.cut;
  }

  private static void join(List<Future<?>> asked) throws InterruptedException, ExecutionException {
    for (Future<?> one : asked) {
      one.get();
    }
  }

  private void allEnd() throws SQLException, InterruptedException {
    long end = System.nanoTime() + size.patience.toNanos();
    var rows = new Rows(database);
    String open =
        "SELECT count(*) FROM signer.request WHERE state NOT IN ('CONFIRMED', 'DENIED', 'FAILED')";
    while (rows.number(open) > 0) {
      assertThat(System.nanoTime())
          .as("requests still open after %s: %s", size.patience, stragglers())
          .isLessThan(end);
      Thread.sleep(Duration.ofMillis(500));
    }
  }

  private List<String> stragglers() throws SQLException {
    return new Rows(database)
        .texts(
            """
            SELECT concat_ws(' ', chain, address, nonce, state, attempts, last_error)
            FROM nonce.transaction WHERE final_at IS NULL ORDER BY chain, address, nonce LIMIT 20
            """);
  }

  private void balance(Deployment deployment, List<DevChain> chains, List<Transfer> transfers)
      throws SQLException {
    var rows = new Rows(database);
    assertThat(rows.number("SELECT count(*) FROM signer.request WHERE state = 'CONFIRMED'"))
        .isEqualTo(transfers.size());
    for (Transfer transfer : transfers) {
      assertThat(chains.get(transfer.chain()).rpc().balance(transfer.payment().payee()))
          .as("what %s got", transfer.payment().requestId())
          .isEqualTo(transfer.payment().amount());
    }
    assertThat(
            rows.texts(
                """
                SELECT concat_ws(' ', chain, address, count(*), max(nonce)) FROM nonce.transaction
                GROUP BY chain, address HAVING count(*) <> max(nonce) + 1 OR min(nonce) <> 0
                """))
        .as("lanes with a gap")
        .isEmpty();
    for (DevChain chain : chains) {
      for (String lane :
          rows.texts(
              "SELECT concat_ws(' ', address, count(*)) FROM nonce.transaction"
                  + " WHERE chain = 'eip155:%d' GROUP BY address".formatted(chain.chainId()))) {
        String[] parts = lane.split(" ", -1);
        assertThat(chain.rpc().transactionCount(parts[0]))
            .as("transactions of %s on %d", parts[0], chain.chainId())
            .isEqualTo(Long.parseLong(parts[1]));
      }
    }
    BigInteger sum = Payment.sum(transfers.stream().map(Transfer::payment).toList());
    assertThat(
            rows.decimal(
                "SELECT coalesce(sum(amount), 0) FROM policy.reservation WHERE NOT released"))
        .as("what the limits count")
        .isEqualByComparingTo(new BigDecimal(sum));
    assertThat(deployment.chain()).isSameAs(chains.getFirst());
  }
}
