package dev.countersign.nonce.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.Lane;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.core.request.RequestState;
import dev.countersign.nonce.chain.BalanceTerms;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.chain.ChainFacts;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.chain.FinalityTag;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.NonceBench;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A chain that says itself which block is final: with anvil that is the one two below the newest.
@WithTestEnvironment
@DevChainSettings(blockMillis = -1)
@Timeout(60)
class FinalityIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration A_FEW_POLLS = Duration.ofMillis(400);

  private final DevChain chain;
  private final ChainId chainId;
  private final NonceBench bench;

  FinalityIT(PostgresDatabase database, DevChain chain) {
    this.chain = chain;
    this.chainId = ChainId.ofEip155(chain.chainId());
    this.bench = new NonceBench(database, definition());
  }

  private ChainDefinition definition() {
    return new ChainDefinition(
        chainId,
        "Test",
        "ETH",
        FeeModel.EIP1559,
        List.of(ChainEndpoint.of(chain.rpcUrl())),
        1,
        Duration.ofMillis(50),
        "",
        new ChainFacts(
            60,
            Duration.ofSeconds(1),
            EnumSet.allOf(FinalityTag.class),
            Optional.of(FinalityTag.FINALIZED),
            16,
            EnumSet.of(TransactionType.EIP1559),
            true),
        1,
        BalanceTerms.DEFAULT,
        ReplacementTerms.DEFAULT);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aTransactionIsFinalOnceTheBlockThatNodesCallSoIsAsHigh() {
    Instance instance = bench.instance().broadcasting().tracking();
    var account = new TestAccount("finality");
    chain.rpc().setBalance(account.address().hex(), BigInteger.TEN.pow(18));
    Owned owned = instance.admit(new Lane(chainId, account.address()), 1).getFirst();
    instance.settle(account, List.of(owned));
    await().atMost(PATIENCE).until(() -> stateOf(owned) == RequestState.BROADCAST);
    chain.rpc().mine(1);
    await().atMost(PATIENCE).until(() -> bench.nonceState(owned.request()).equals("MINED"));
    chain.rpc().mine(1);
    await().during(A_FEW_POLLS).until(() -> stateOf(owned) == RequestState.BROADCAST);
    chain.rpc().mine(1);
    await().atMost(PATIENCE).until(() -> stateOf(owned) == RequestState.CONFIRMED);
    assertThat(chain.rpc().call("eth_getBlockByNumber", "finalized", false).path("number").asText())
        .isEqualTo("0x" + Long.toHexString(chain.rpc().blockNumber() - 2));
  }

  /// Its block may be taken back until then, and the request would have lost its nonce for nothing.
  @Test
  void aStrangersTransactionIsNoForeignUseBeforeItsBlockIsFinal() {
    Instance instance = bench.instance();
    var account = new TestAccount("foreign finality");
    chain.rpc().setBalance(account.address().hex(), BigInteger.TEN.pow(18));
    Lane lane = new Lane(chainId, account.address());
    assertThat(instance.ledger().prepare(lane)).isEmpty();
    chain.rpc().call("anvil_setNonce", account.address().hex(), "0x1");
    chain.rpc().mine(1);
    instance.tracking();
    await()
        .during(A_FEW_POLLS)
        .until(() -> instance.lanes().list(Optional.of(chainId)).getFirst().pause().isEmpty());
  }

  private RequestState stateOf(Owned owned) {
    return bench.state(owned.request());
  }
}
