package dev.countersign.core.evm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.evm.TransactionDecoder.Problem;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;

class TransactionDecoderTest {
  private static final BigInteger GAS = BigInteger.valueOf(21_000);
  private static final String TO = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";

  @Test
  void refusesALegacyTransactionWithoutAChain() {
    RawTransaction legacy =
        RawTransaction.createEtherTransaction(
            BigInteger.ZERO, BigInteger.ONE, GAS, TO, BigInteger.ONE);
    assertThat(problem(TransactionEncoder.encode(legacy))).isEqualTo(Problem.UNPROTECTED_LEGACY);
  }

  @Test
  void refusesALegacyTransactionWithAChain() {
    RawTransaction legacy =
        RawTransaction.createEtherTransaction(
            BigInteger.ZERO, BigInteger.ONE, GAS, TO, BigInteger.ONE);
    assertThat(problem(TransactionEncoder.encode(legacy, 1L))).isEqualTo(Problem.UNSUPPORTED_TYPE);
  }

  @Test
  void refusesToCreateAContract() {
    RawTransaction creation =
        RawTransaction.createTransaction(
            1, BigInteger.ZERO, GAS, "", BigInteger.ZERO, "0x6000", BigInteger.ONE, BigInteger.ONE);
    assertThat(problem(TransactionEncoder.encode(creation))).isEqualTo(Problem.CONTRACT_CREATION);
  }

  @Test
  void refusesNothingAtAll() {
    assertThat(problem(new byte[0])).isEqualTo(Problem.MALFORMED);
    assertThat(problem(new byte[] {1})).isEqualTo(Problem.UNSUPPORTED_TYPE);
  }

  @Test
  void readsATokenTransferWithDirtyPaddingAsACall() {
    byte[] data = new byte[68];
    System.arraycopy(Bytes.fromHex("0xa9059cbb").toArray(), 0, data, 0, 4);
    CallEncoder.Call clean = new CallEncoder.Call(Address.parse(TO), Wei.ZERO, Bytes.of(data));
    assertThat(CallDecoder.decode(clean)).isInstanceOf(Intent.Erc20Transfer.class);
    data[4] = 1;
    CallEncoder.Call dirty = new CallEncoder.Call(Address.parse(TO), Wei.ZERO, Bytes.of(data));
    assertThat(CallDecoder.decode(dirty)).isInstanceOf(Intent.ContractCall.class);
    CallEncoder.Call paying =
        new CallEncoder.Call(Address.parse(TO), Wei.of(1), Bytes.of(new byte[68]));
    assertThat(CallDecoder.decode(paying)).isInstanceOf(Intent.ContractCall.class);
  }

  private static Problem problem(byte[] bytes) {
    return ((Outcome.Undecodable) TransactionDecoder.decode(Bytes.of(bytes))).problem();
  }
}
