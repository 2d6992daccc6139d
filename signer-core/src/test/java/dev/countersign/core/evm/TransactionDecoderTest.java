package dev.countersign.core.evm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.evm.TransactionDecoder.Problem;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.Arrays;
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
  void readsALegacyTransactionWithAChain() {
    RawTransaction legacy =
        RawTransaction.createEtherTransaction(
            BigInteger.ZERO, BigInteger.ONE, GAS, TO, BigInteger.ONE);
    assertThat(decoded(TransactionEncoder.encode(legacy, 137L)))
        .returns(ChainId.ofEip155(137), UnsignedTransaction::chain)
        .returns(new Envelope.Legacy(), UnsignedTransaction::envelope);
  }

  @Test
  void readsTheCreationOfAContract() {
    RawTransaction creation =
        RawTransaction.createTransaction(
            1, BigInteger.ZERO, GAS, "", BigInteger.ONE, "0x6000", BigInteger.ONE, BigInteger.ONE);
    assertThat(decoded(TransactionEncoder.encode(creation)).intent())
        .isEqualTo(new Intent.ContractCreation(Wei.of(1), Bytes.fromHex("0x6000")));
  }

  @Test
  void refusesTheCreationOfAContractWithoutCode() {
    RawTransaction creation =
        RawTransaction.createTransaction(
            1, BigInteger.ZERO, GAS, "", BigInteger.ONE, "", BigInteger.ONE, BigInteger.ONE);
    assertThat(problem(TransactionEncoder.encode(creation))).isEqualTo(Problem.MALFORMED);
  }

  /// The reader goes down a level for each list: more than a stack has are no transaction.
  @Test
  void refusesListsInListsWithoutEnd() {
    byte[] nested = new byte[131_072];
    for (int i = nested.length - 4; i > 0; i -= 4) {
      int behind = nested.length - i - 4;
      nested[i] = (byte) 0xfa;
      nested[i + 1] = (byte) (behind >> 16);
      nested[i + 2] = (byte) (behind >> 8);
      nested[i + 3] = (byte) behind;
    }
    nested[3] = 2;
    assertThat(problem(Arrays.copyOfRange(nested, 3, nested.length))).isEqualTo(Problem.MALFORMED);
  }

  @Test
  void refusesNothingAtAll() {
    assertThat(problem(new byte[0])).isEqualTo(Problem.MALFORMED);
    assertThat(problem(new byte[] {0})).isEqualTo(Problem.UNSUPPORTED_TYPE);
    assertThat(problem(new byte[] {5})).isEqualTo(Problem.UNSUPPORTED_TYPE);
    for (byte type = 1; type <= 4; type++) {
      assertThat(problem(new byte[] {type})).isEqualTo(Problem.MALFORMED);
    }
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

  private static UnsignedTransaction decoded(byte[] bytes) {
    return ((Outcome.Decoded) TransactionDecoder.decode(Bytes.of(bytes))).transaction();
  }

  private static Problem problem(byte[] bytes) {
    return ((Outcome.Undecodable) TransactionDecoder.decode(Bytes.of(bytes))).problem();
  }
}
