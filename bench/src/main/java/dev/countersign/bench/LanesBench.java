package dev.countersign.bench;

import dev.countersign.cli.connection.SandboxDescription;
import dev.countersign.testenv.chain.ChainRpc;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// `bench/run lanes`: transfers that land on a chain, from one wallet and from fifty, through the
/// whole service, against web3j with a key in memory that sends to the same node.
final class LanesBench {
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration DRAINED_WITHIN = Duration.ofMinutes(2);
  private static final Duration STILL = Duration.ofSeconds(4);
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);

  private final SandboxDescription sandbox;
  private final URI url;
  private final ChainRpc chain;
  private final int callers;

  private LanesBench(SandboxDescription sandbox, int callers) {
    this.sandbox = sandbox;
    this.url = URI.create(Objects.requireNonNull(sandbox.chains()).getFirst().rpc());
    this.chain = new ChainRpc(url);
    this.callers = callers;
  }

  /// Arguments: the sandbox's home, callers, seconds.
  static void main(String[] args) throws Exception {
    int callers = Integer.parseInt(args[1]);
    // Three times as long as that, and the warm-up: all of it within three minutes.
    Duration howLong = Duration.ofSeconds(Long.parseLong(args[2])).multipliedBy(2).dividedBy(3);
    new LanesBench(SandboxDescription.read(Path.of(args[0])), callers).run(howLong);
  }

  private record Landed(double perSecond, double commitsEach, double statementsEach) {}

  private void run(Duration howLong) throws Exception {
    List<SandboxDescription.Wallet> wallets = Objects.requireNonNull(sandbox.wallets());
    for (SandboxDescription.Wallet wallet : wallets) {
      chain.setBalance(wallet.address(), ETHER.multiply(BigInteger.valueOf(10_000)));
    }
    IO.println("warming up for %d s".formatted(WARM_UP.toSeconds()));
    landed(wallets, WARM_UP);
    IO.println("one wallet, %d callers, for %d s".formatted(callers, howLong.toSeconds()));
    Landed one = landed(wallets.subList(0, 1), howLong);
    IO.println("%d wallets, %d callers, likewise".formatted(wallets.size(), callers));
    Landed all = landed(wallets, howLong);
    IO.println("web3j, one key in memory, likewise");
    double web3j = Web3jSender.landedPerSecond(url, chain, wallets.getLast().address(), howLong);
    new Metrics("lanes")
        .add("landed_per_s_1", one.perSecond, "mined transfers a second, one wallet")
        .add("landed_per_s_50", all.perSecond, "the same, from " + wallets.size() + " wallets")
        .add("web3j_landed_per_s_1", web3j, "FastRawTransactionManager, same node, same machine")
        .add("ratio_to_web3j", one.perSecond / web3j, "of one wallet")
        .add("commits_per_transaction", one.commitsEach, "all commits of the database, one wallet")
        .add("commits_per_transaction_50", all.commitsEach, "the same, from all wallets")
        .add("statements_per_transaction", one.statementsEach, "SQL statements, one wallet")
        .add("statements_per_transaction_50", all.statementsEach, "the same, from all wallets")
        .print();
  }

  /// What lands is what the chain has mined of the wallets, whatever the service says of it.
  private Landed landed(List<SandboxDescription.Wallet> wallets, Duration howLong)
      throws Exception {
    try (var load = TransferLoad.start(sandbox, wallets, callers)) {
      // Until as much is on its way as will be.
      Thread.sleep(Web3jSender.RAMP_UP);
      DatabaseCounters before = DatabaseCounters.read(sandbox);
      long mined = mined(wallets);
      long began = System.nanoTime();
      Thread.sleep(howLong);
      double seconds = (System.nanoTime() - began) / 1e9;
      double count = mined(wallets) - mined;
      DatabaseCounters after = DatabaseCounters.read(sandbox);
      load.check();
      return new Landed(
          count / seconds,
          (after.commits() - before.commits()) / count,
          (after.statements() - before.statements()) / count);
    } finally {
      drain(wallets);
    }
  }

  /// Waits until nothing of the wallets is mined any more: what is left would be mined in the time
  /// of whoever sends next.
  private void drain(List<SandboxDescription.Wallet> wallets) throws InterruptedException {
    long deadline = System.nanoTime() + DRAINED_WITHIN.toNanos();
    long before = -1;
    long mined = mined(wallets);
    while (mined != before) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the chain still mines what was sent %s ago".formatted(DRAINED_WITHIN));
      }
      Thread.sleep(STILL);
      before = mined;
      mined = mined(wallets);
    }
  }

  private long mined(List<SandboxDescription.Wallet> wallets) {
    return wallets.stream().mapToLong(wallet -> chain.transactionCount(wallet.address())).sum();
  }
}
