package dev.countersign.nonce.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle.Reason;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.broadcast.ErrorKind;
import dev.countersign.nonce.lane.Lanes.Resumed;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.OnDevChain;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Those ways to lose a nonce that have no test elsewhere (`docs/NONCE_FAILURES.md`). Blocks are
/// mined when a test says so; one makes a transaction final.
@WithTestEnvironment
@DevChainSettings(blockMillis = -1)
@Timeout(60)
class NonceFailuresIT extends OnDevChain {
  private static final Actor OPERATOR = Actor.system("operator");
  private static final Fees DEAR =
      new Fees(Wei.of(20_000_000_000L), Wei.of(200_000_000_000L), GasLimit.TRANSFER);

  NonceFailuresIT(PostgresDatabase database, DevChain chain) {
    super(database, chain, 0, 1);
  }

  /// Modes 6 and 7.
  @Test
  void aCounterAboveAnEmptyRegionComesDownAndFillsIt() {
    Instance instance = bench.instance();
    TestAccount account = funded("empty region");
    List<Owned> owned = instance.admit(new Lane(chainId, account.address()), 5);
    Set<SigningRequestId> failed = owned.stream().map(Owned::request).collect(Collectors.toSet());
    instance.unitOfWork().run(t -> instance.ledger().release(t, failed));
    instance.broadcasting().tracking();
    for (long nonce = 0; nonce < 3; nonce++) {
      assertThat(instance.transfer(account, chainId).nonce()).isEqualTo(new Nonce(nonce));
    }
    mineUntilAllAre("CONFIRMED");
    assertThat(chain.rpc().transactionCount(account.address().hex())).isEqualTo(3);
  }

  /// Mode 6.
  @Test
  void aRegionThatIsSignedAndWasNeverSentIsSentByWhoeverIsThere() {
    TestAccount account = funded("occupied region");
    Instance dead = bench.instance();
    dead.settle(account, dead.admit(new Lane(chainId, account.address()), 5));
    dead.close();
    Instance instance = bench.instance().broadcasting().tracking();
    assertThat(instance.transfer(account, chainId).nonce()).isEqualTo(new Nonce(5));
    mineUntilAllAre("CONFIRMED");
    assertThat(chain.rpc().transactionCount(account.address().hex())).isEqualTo(6);
  }

  /// Mode 8.
  @Test
  void whatIsPendingOnANodeOpensNoLane() {
    TestAccount account = funded("pending");
    foreign(account, new Nonce(0));
    foreign(account, new Nonce(1));
    assertThat(pending(account)).isEqualTo("0x2");
    Instance instance = bench.instance();
    assertThat(instance.transfer(account, chainId).nonce()).isEqualTo(new Nonce(0));
  }

  /// Mode 10.
  @Test
  void anUnderpricedReplacementConsumesNoNonce() {
    TestAccount account = funded("underpriced");
    String other = foreign(account, new Nonce(0));
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = instance.transfer(account, chainId);
    await().until(() -> instance.refusals().contains(ErrorKind.REPLACEMENT_UNDERPRICED));
    assertThat(instance.ledger().peek(owned.lane())).isEqualTo(new Nonce(1));
    chain.rpc().call("anvil_dropTransaction", other);
    await().until(() -> bench.state(owned.request()) == RequestState.BROADCAST);
    mineUntilAllAre("CONFIRMED");
    assertThat(instance.ledger().peek(owned.lane())).isEqualTo(new Nonce(1));
  }

  /// Mode 15.
  @Test
  void aStoreFromAnOldBackupGivesNoUsedNonceAfterItIsResumed() {
    TestAccount account = funded("backup");
    Instance before = bench.instance().broadcasting().tracking();
    Lane lane = new Lane(chainId, account.address());
    before.settle(account, before.admit(lane, 3));
    mineUntilAllAre("CONFIRMED");
    before.close();
    // The backup is from when one of them was not even asked for.
    bench
        .owner()
        .useHandle(
            handle -> {
              handle.execute("ALTER TABLE nonce.transaction DISABLE TRIGGER USER");
              handle.execute("DELETE FROM nonce.transaction WHERE nonce > 0");
              handle.execute("ALTER TABLE nonce.transaction ENABLE TRIGGER USER");
              handle.execute("UPDATE nonce.lane SET next_nonce = 1");
              handle.execute("UPDATE nonce.tracker SET lease_until = now()");
            });
    Instance after = bench.instance().broadcasting().tracking();
    await().until(() -> after.ledger().obstacle(Instance.rich(lane)).isPresent());
    assertThat(after.lanes().resume(OPERATOR, lane))
        .isEqualTo(new Resumed.GoesOn(Reason.FOREIGN_USE, new Nonce(3)));
    Owned owned = after.transfer(account, chainId);
    assertThat(owned.nonce()).isEqualTo(new Nonce(3));
    mineUntilAllAre("CONFIRMED");
  }

  /// Mode 15.
  @Test
  void aStoreThatHasForgottenTheLaneOpensItAfterWhatIsMined() {
    TestAccount account = funded("forgotten");
    Instance before = bench.instance().broadcasting().tracking();
    before.settle(account, before.admit(new Lane(chainId, account.address()), 2));
    mineUntilAllAre("CONFIRMED");
    before.close();
    bench
        .owner()
        .useHandle(
            handle -> handle.execute("TRUNCATE nonce.lane, nonce.transaction, nonce.replacement"));
    assertThat(bench.instance().transfer(account, chainId).nonce()).isEqualTo(new Nonce(2));
  }

  private void mineUntilAllAre(String state) {
    await()
        .pollInterval(Duration.ofMillis(150))
        .until(
            () -> {
              chain.rpc().mine(1);
              return bench
                  .text(
                      "SELECT coalesce(string_agg(DISTINCT state, ' '), '') FROM nonce.transaction")
                  .equals(state);
            });
  }

  private String pending(TestAccount account) {
    return chain.rpc().call("eth_getTransactionCount", account.address().hex(), "pending").asText();
  }

  /// @return the hash of a transaction that was not signed here
  private String foreign(TestAccount account, Nonce nonce) {
    var call = new CallEncoder.Call(account.address(), Wei.of(7), Bytes.EMPTY);
    Owned nobodys =
        new Owned(
            new SigningRequestId(UUID.randomUUID()), new Lane(chainId, account.address()), nonce);
    return chain
        .rpc()
        .call("eth_sendRawTransaction", Instance.signed(account, nobodys, call, DEAR).bytes().hex())
        .asText();
  }
}
