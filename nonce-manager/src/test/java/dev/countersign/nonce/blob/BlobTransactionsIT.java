package dev.countersign.nonce.blob;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.chain.BalanceTerms;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.chain.ChainFacts;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.fee.NodeTransactionPricer;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeSettings;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Transactions with blobs are priced, signed, taken by a node and mined.
@WithTestEnvironment
@Timeout(240)
class BlobTransactionsIT {
  private static final Address PAYEE = new Address("0x" + "cd".repeat(20));
  private static final CallEncoder.Call PAYMENT =
      new CallEncoder.Call(PAYEE, Wei.of(1), Bytes.EMPTY);

  private final DevChain chain;
  private final ChainId id;
  private final TestAccount account = new TestAccount("blobs");
  private final CkzgProver prover = new CkzgProver();

  BlobTransactionsIT(DevChain chain) {
    this.chain = chain;
    this.id = ChainId.ofEip155(chain.chainId());
    chain.rpc().setBalance(account.address().hex(), BigInteger.TEN.pow(18));
  }

  @Test
  void theNodeOfTestsTakesProofsOfCells() {
    BlobSidecar sidecar = prover.prove(List.of(TestBlobs.of(1)), BlobProofs.CELLS);
    SignedTransaction signed = signed(sidecar, FeeChoice.ByMarket.UNSAID);
    JsonNode receipt = landed(sidecar.around(signed), signed);
    assertThat(receipt.path("type").asText()).isEqualTo("0x3");
    assertThat(receipt.path("blobGasUsed").asText()).isEqualTo("0x20000");
  }

  @Test
  void sixBlobsAreTaken() {
    List<Bytes> blobs = List.of(1, 2, 3, 4, 5, 6).stream().map(seed -> TestBlobs.of(seed)).toList();
    BlobSidecar sidecar = prover.prove(blobs, BlobProofs.CELLS);
    SignedTransaction signed = signed(sidecar, FeeChoice.ByMarket.UNSAID);
    assertThat(landed(sidecar.around(signed), signed).path("blobGasUsed").asText())
        .isEqualTo("0xc0000");
  }

  /// What a cancellation of blobs carries.
  @Test
  void aBlobOfZerosIsTakenToo() {
    BlobSidecar zeros = BlobSidecar.ofZeros(BlobProofs.CELLS);
    SignedTransaction signed = signed(zeros, FeeChoice.ByMarket.UNSAID);
    BlobSupply supply = new BlobSupply(_ -> Optional.empty(), prover, definitions());
    var whole =
        (BlobSupply.Outcome.Whole)
            supply.whole(id, new SigningRequestId(UUID.randomUUID()), signed);
    landed(whole.bytes(), signed);
  }

  @Test
  void storedProofsOfAnotherKindAreMadeAnew() {
    BlobSidecar stored = prover.prove(List.of(TestBlobs.of(7)), BlobProofs.BLOBS);
    SignedTransaction signed = signed(stored, FeeChoice.ByMarket.UNSAID);
    BlobSupply supply = new BlobSupply(_ -> Optional.of(stored), prover, definitions());
    var whole =
        (BlobSupply.Outcome.Whole)
            supply.whole(id, new SigningRequestId(UUID.randomUUID()), signed);
    assertThat(whole.bytes())
        .isEqualTo(prover.prove(stored.blobs(), BlobProofs.CELLS).around(signed));
  }

  @Test
  void blobsThatAreGoneAreToldAndNotSent() {
    BlobSidecar sidecar = prover.prove(List.of(TestBlobs.of(8)), BlobProofs.CELLS);
    SignedTransaction signed = signed(sidecar, FeeChoice.ByMarket.UNSAID);
    BlobSupply supply = new BlobSupply(_ -> Optional.empty(), prover, definitions());
    assertThat(supply.whole(id, new SigningRequestId(UUID.randomUUID()), signed))
        .isEqualTo(new BlobSupply.Outcome.Missing("its blobs are not stored any more"));
  }

  @Test
  void theFeeForBlobsIsFoundByTheStrategy() {
    Envelope.Blobs named = named(Wei.ZERO);
    BigInteger price = quantity(chain.rpc().call("eth_blobBaseFee"));
    for (FeeStrategy strategy : List.of(FeeStrategy.ECONOMY, FeeStrategy.URGENT)) {
      var choice =
          new FeeChoice.ByMarket(Optional.of(strategy), Optional.empty(), Optional.empty());
      var priced = (Answer.Priced) answer(choice, named);
      var found = (Envelope.Blobs) priced.envelope();
      int percent = strategy == FeeStrategy.ECONOMY ? 125 : 300;
      assertThat(found.maxFeePerBlobGas().value())
          .isEqualTo(
              price
                  .multiply(BigInteger.valueOf(percent))
                  .add(BigInteger.valueOf(99))
                  .divide(BigInteger.valueOf(100)));
      assertThat(found.versionedHashes()).isEqualTo(named.versionedHashes());
    }
  }

  @Test
  void theFeeForBlobsMustBeThere() {
    BigInteger blobFee = BigInteger.TEN.pow(13);
    assertThat(answer(FeeChoice.ByMarket.UNSAID, named(new Wei(blobFee))))
        .as("131072 times 10^13 is more than one ether")
        .isInstanceOf(Answer.InsufficientFunds.class);
  }

  private Envelope.Blobs named(Wei fee) {
    return new Envelope.Blobs(AccessList.NONE, fee, List.of(BlobSidecar.ZERO_HASH));
  }

  private SignedTransaction signed(BlobSidecar sidecar, FeeChoice choice) {
    var envelope = new Envelope.Blobs(AccessList.NONE, Wei.ZERO, sidecar.versionedHashes());
    var priced = (Answer.Priced) answer(choice, envelope);
    return account.sign(
        new UnsignedTransaction(
            id, priced.account().mined(), priced.fees(), PAYMENT, priced.envelope()));
  }

  private JsonNode landed(Bytes whole, SignedTransaction signed) {
    assertThat(chain.rpc().call("eth_sendRawTransaction", whole.hex()).asText())
        .isEqualTo(signed.hash().hex());
    chain.rpc().call("evm_mine");
    JsonNode receipt = chain.rpc().call("eth_getTransactionReceipt", signed.hash().hex());
    assertThat(receipt.path("status").asText()).isEqualTo("0x1");
    return receipt;
  }

  private Answer answer(FeeChoice choice, Envelope envelope) {
    ChainDefinitions chains = definitions();
    try (NodePools nodes = new NodePools(chains, NodeSettings.DEFAULT, InstantSource.system())) {
      return new NodeTransactionPricer(nodes, chains)
          .price(
              List.of(new Question(id, account.address(), PAYMENT, choice, Optional.of(envelope))))
          .getFirst();
    }
  }

  private ChainDefinitions definitions() {
    return ChainDefinitions.of(
        List.of(
            new ChainDefinition(
                id,
                "Test",
                "ETH",
                FeeModel.EIP1559,
                List.of(ChainEndpoint.of(chain.rpcUrl())),
                1,
                Duration.ofSeconds(1),
                "",
                new ChainFacts(
                        60,
                        Duration.ofSeconds(1),
                        Set.of(),
                        Optional.empty(),
                        16,
                        EnumSet.of(TransactionType.EIP1559),
                        true)
                    .proving(BlobProofs.CELLS),
                1,
                BalanceTerms.DEFAULT,
                ReplacementTerms.DEFAULT)));
  }

  private static BigInteger quantity(JsonNode hex) {
    return new BigInteger(hex.asText().substring(2), 16);
  }
}
