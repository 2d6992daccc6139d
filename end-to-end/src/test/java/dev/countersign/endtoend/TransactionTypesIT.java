package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ContractCreation;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.evm.SignedAuthorization;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Transactions of other types than most, and the creation of contracts, through the whole service.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class TransactionTypesIT {
  private static final String PAYEE = "0xe2e0000000000000000000000000000000000031";
  private static final Wei PRICE = new Wei(BigInteger.valueOf(100_000_000_000L));
  private static final Fees ONE_PRICE = new Fees(PRICE, PRICE, new GasLimit(60_000));

  private final Deployment deployment;
  private final Client desk;
  private final Asking asking;

  TransactionTypesIT(PostgresDatabase database, DevChain chain)
      throws IOException, SQLException, GeneralSecurityException {
    deployment =
        Deployment.start("types", database, chain, Policies.ether() + Policies.contracts());
    desk = deployment.connect(TestClient.DESK);
    asking = deployment.asking();
  }

  @AfterAll
  void stop() {
    desk.close();
    deployment.close();
  }

  @Test
  void landsTheCreationOfAContract() {
    // Returns one byte of code: STOP.
    var initCode = ByteString.fromHex("60005f5360015ff3");
    desk.submit(
        asking
            .request("creation")
            .setContractCreation(ContractCreation.newBuilder().setInitCode(initCode))
            .build());

    var ended = desk.await("creation");

    assertThat(ended.getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(ended.getDecision().getRule()).isEqualTo("desk-contracts");
    assertThat(ended.getContractCreation().getInitCode()).isEqualTo(initCode);
    var receipt =
        deployment.chain().rpc().call("eth_getTransactionReceipt", ended.getTransactionHash());
    var code =
        deployment
            .chain()
            .rpc()
            .call("eth_getCode", receipt.path("contractAddress").asText(), "latest");
    assertThat(code.asText()).isEqualTo("0x00");
  }

  @Test
  void landsALegacyTransaction() {
    assertThat(typeOf(landed("legacy", new Envelope.Legacy()))).isEqualTo("0x0");
  }

  @Test
  void landsATransactionWithAnAccessList() {
    var list =
        new AccessList(
            List.of(
                new AccessList.Entry(
                    Address.parse(PAYEE),
                    List.of(Digest32.fromHex("0x" + "00".repeat(31) + "01")))));
    assertThat(typeOf(landed("listed", new Envelope.OnePrice(list)))).isEqualTo("0x1");
    assertThat(typeOf(landed("listed-2", new Envelope.FeeMarket(list)))).isEqualTo("0x2");
  }

  /// The definition of the test chain does not name them.
  @Test
  void refusesATypeThatTheChainDoesNotTake() {
    var authorization =
        new SignedAuthorization(
            Optional.empty(),
            Address.parse(PAYEE),
            new Nonce(0),
            new RecoverableSignature(BigInteger.TWO, BigInteger.TWO, 0));
    var question = encoded("code", new Envelope.SetCode(AccessList.NONE, List.of(authorization)));
    assertThatThrownBy(() -> desk.submit(question))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> {
              assertThat(Refused.of(refused).reason()).isEqualTo("UNSUPPORTED_TRANSACTION");
              assertThat(refused).hasMessageContaining("takes no transaction of type eip7702");
            });
  }

  @Test
  void theSameBytesInAnotherTypeAreAnotherRequest() {
    desk.submit(encoded("same", new Envelope.Legacy()));
    var other = encoded("same", new Envelope.OnePrice(AccessList.NONE));
    assertThatThrownBy(() -> desk.submit(other))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> assertThat(Refused.of(refused).reason()).isEqualTo("REQUEST_ID_REUSED"));
  }

  private SigningRequest landed(String requestId, Envelope envelope) {
    desk.submit(encoded(requestId, envelope));
    var ended = desk.await(requestId);
    assertThat(ended.getState()).isEqualTo(State.STATE_CONFIRMED);
    return ended;
  }

  private SignTransactionRequest encoded(String requestId, Envelope envelope) {
    var transaction =
        new UnsignedTransaction(
            new ChainId(asking.chain()),
            new Nonce(0),
            ONE_PRICE,
            new CallEncoder.Call(Address.parse(PAYEE), Wei.of(1), Bytes.EMPTY),
            envelope);
    return asking
        .request(requestId)
        .setEncoded(ByteString.copyFrom(transaction.encode().toArray()))
        .build();
  }

  private String typeOf(SigningRequest landed) {
    return deployment
        .chain()
        .rpc()
        .call("eth_getTransactionByHash", landed.getTransactionHash())
        .path("type")
        .asText();
  }
}
