package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.nonce.chain.BalanceTerms;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.chain.ChainFacts;
import dev.countersign.nonce.chain.FeeModel;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each type of transaction is priced, signed, taken by a node and mined.
@WithTestEnvironment
@Timeout(60)
class TransactionTypesIT {
  private static final Address PAYEE = new Address("0x" + "cd".repeat(20));
  private static final CallEncoder.Call PAYMENT =
      new CallEncoder.Call(PAYEE, Wei.of(1), Bytes.EMPTY);
  private static final AccessList LIST =
      new AccessList(
          List.of(
              new AccessList.Entry(
                  PAYEE, List.of(Digest32.fromHex("0x" + "00".repeat(31) + "07")))));

  private final DevChain chain;
  private final ChainId id;
  private final TestAccount account = new TestAccount("types");

  TransactionTypesIT(DevChain chain) {
    this.chain = chain;
    this.id = ChainId.ofEip155(chain.chainId());
    chain.rpc().setBalance(account.address().hex(), BigInteger.TEN.pow(18));
  }

  @Test
  void aLegacyTransaction() {
    assertThat(receipt(sent(PAYMENT, new Envelope.Legacy())).path("type").asText())
        .isEqualTo("0x0");
  }

  @Test
  void oneWithAnAccessListPaysForIt() {
    JsonNode receipt = receipt(sent(PAYMENT, new Envelope.OnePrice(LIST)));
    assertThat(receipt.path("type").asText()).isEqualTo("0x1");
    // 2400 for the account, 1900 for the slot (EIP-2930).
    assertThat(receipt.path("gasUsed").asText()).isEqualTo("0x" + Long.toHexString(21_000 + 4_300));
  }

  @Test
  void aFeeMarketTransactionWithAnAccessList() {
    assertThat(receipt(sent(PAYMENT, new Envelope.FeeMarket(LIST))).path("type").asText())
        .isEqualTo("0x2");
  }

  @Test
  void oneThatSetsTheCodeOfAnAccount() {
    TestAccount other = new TestAccount("delegating");
    Address code = new Address("0x" + "dd".repeat(20));
    chain.rpc().call("anvil_setCode", code.hex(), "0x5b5b5b00");
    long nonce =
        quantity(chain.rpc().call("eth_getTransactionCount", other.address().hex(), "latest"));
    var envelope =
        new Envelope.SetCode(AccessList.NONE, List.of(other.authorize(id, code, new Nonce(nonce))));
    assertThat(receipt(sent(PAYMENT, envelope)).path("type").asText()).isEqualTo("0x4");
    assertThat(chain.rpc().call("eth_getCode", other.address().hex(), "latest").asText())
        .isEqualTo("0xef0100" + "dd".repeat(20));
  }

  @Test
  void theCreationOfAContract() {
    // Returns one byte of code: STOP.
    var creation =
        new CallEncoder.Call(Optional.empty(), Wei.ZERO, Bytes.fromHex("0x60005f5360015ff3"));
    JsonNode receipt = receipt(sent(creation, Envelope.FeeMarket.PLAIN));
    assertThat(receipt.path("contractAddress").asText()).startsWith("0x");
    assertThat(
            chain
                .rpc()
                .call("eth_getCode", receipt.path("contractAddress").asText(), "latest")
                .asText())
        .isEqualTo("0x00");
  }

  @Test
  void aChainWithoutABaseFeeGetsLegacyTransactions() {
    var priced =
        (Answer.Priced) answer(FeeModel.LEGACY, PAYMENT, Optional.empty(), Optional.empty());
    assertThat(priced.envelope()).isEqualTo(new Envelope.Legacy());
    assertThat(priced.fees().maxPriorityFeePerGas()).isEqualTo(priced.fees().maxFeePerGas());
    long proposed = quantity(chain.rpc().call("eth_gasPrice"));
    assertThat(priced.fees().maxFeePerGas().value().longValueExact())
        .isBetween(proposed, proposed * 2);
    assertThat(receipt(send(PAYMENT, priced)).path("status").asText()).isEqualTo("0x1");
  }

  /// A stand-in for the contract that every chain of the OP stack has: it answers a million times
  /// the size that it is asked about.
  @Test
  void theFeeOfTheParentChainIsAskedForAndMustBeThere() {
    // PUSH3 1000000, PUSH1 4, CALLDATALOAD, MUL, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN
    chain
        .rpc()
        .call(
            "anvil_setCode",
            "0x420000000000000000000000000000000000000f",
            "0x620f42406004350260005260206000f3");
    var priced =
        (Answer.Priced) answer(FeeModel.OP_STACK, PAYMENT, Optional.empty(), Optional.empty());
    // 120 bytes and some of an unsigned transaction at its largest, half as much again.
    assertThat(priced.parentFee().value().longValueExact()).isBetween(100_000_000L, 240_000_000L);

    BigInteger balance = priced.fees().mostGasCost().add(BigInteger.ONE);
    chain.rpc().setBalance(account.address().hex(), balance);
    try {
      assertThat(answer(FeeModel.OP_STACK, PAYMENT, Optional.of(priced.fees()), Optional.empty()))
          .isInstanceOfSatisfying(
              Answer.InsufficientFunds.class,
              lacking -> assertThat(lacking.detail()).contains("has " + balance + " wei"));
    } finally {
      chain.rpc().setBalance(account.address().hex(), BigInteger.TEN.pow(18));
    }
  }

  @Test
  void twoPricesAreNoneOfALegacyTransaction() {
    var fees = new Fees(Wei.of(1), new Wei(BigInteger.TEN.pow(10)), GasLimit.TRANSFER);
    assertThat(
            answer(
                FeeModel.EIP1559, PAYMENT, Optional.of(fees), Optional.of(new Envelope.Legacy())))
        .isInstanceOfSatisfying(
            Answer.UnusableFees.class,
            unusable ->
                assertThat(unusable.detail())
                    .contains("one gas price; got 1, expected that of max_fee_per_gas"));
  }

  @Test
  void aTypeThatTheChainDoesNotTakeIsRefused() {
    var blobs =
        new Envelope.Blobs(
            AccessList.NONE, Wei.of(1), List.of(Digest32.fromHex("0x01" + "22".repeat(31))));
    assertThat(answer(FeeModel.EIP1559, PAYMENT, Optional.empty(), Optional.of(blobs)))
        .isInstanceOfSatisfying(
            Answer.UnsupportedType.class,
            unsupported ->
                assertThat(unsupported.detail())
                    .contains("takes no transaction of type eip4844")
                    .contains("[legacy, eip2930, eip1559, eip7702]"));
  }

  private SignedTransaction sent(CallEncoder.Call call, Envelope envelope) {
    return send(
        call,
        (Answer.Priced) answer(FeeModel.EIP1559, call, Optional.empty(), Optional.of(envelope)));
  }

  private SignedTransaction send(CallEncoder.Call call, Answer.Priced priced) {
    SignedTransaction signed =
        account.sign(
            new UnsignedTransaction(
                id, priced.account().mined(), priced.fees(), call, priced.envelope()));
    assertThat(chain.rpc().call("eth_sendRawTransaction", signed.bytes().hex()).asText())
        .isEqualTo(signed.hash().hex());
    return signed;
  }

  private JsonNode receipt(SignedTransaction signed) {
    chain.rpc().call("evm_mine");
    JsonNode receipt = chain.rpc().call("eth_getTransactionReceipt", signed.hash().hex());
    assertThat(receipt.path("status").asText()).isEqualTo("0x1");
    return receipt;
  }

  private Answer answer(
      FeeModel model, CallEncoder.Call call, Optional<Fees> fees, Optional<Envelope> envelope) {
    ChainDefinitions chains = definitions(model);
    try (NodePools nodes = new NodePools(chains, NodeSettings.DEFAULT, InstantSource.system())) {
      return new NodeTransactionPricer(nodes, chains)
          .price(List.of(new Question(id, account.address(), call, fees, envelope)))
          .getFirst();
    }
  }

  private ChainDefinitions definitions(FeeModel model) {
    Set<TransactionType> types = EnumSet.complementOf(EnumSet.of(TransactionType.EIP4844));
    return ChainDefinitions.of(
        List.of(
            new ChainDefinition(
                id,
                "Test",
                "ETH",
                model,
                List.of(ChainEndpoint.of(chain.rpcUrl())),
                1,
                Duration.ofSeconds(1),
                "",
                new ChainFacts(
                    60, Duration.ofSeconds(1), Set.of(), Optional.empty(), 16, types, true),
                1,
                BalanceTerms.DEFAULT,
                ReplacementTerms.DEFAULT)));
  }

  private static long quantity(JsonNode hex) {
    return Long.decode(hex.asText());
  }
}
