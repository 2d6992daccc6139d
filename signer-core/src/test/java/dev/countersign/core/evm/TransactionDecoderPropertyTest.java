package dev.countersign.core.evm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import java.math.BigInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;

class TransactionDecoderPropertyTest {

  @Provide
  Arbitrary<UnsignedTransaction> transactions() {
    return EvmArbitraries.transactions();
  }

  @Provide
  Arbitrary<Intent> intents() {
    return EvmArbitraries.intents();
  }

  @Property
  void decodesWhatItEncodes(@ForAll("transactions") UnsignedTransaction transaction) {
    assertThat(TransactionDecoder.decode(transaction.encode()))
        .isEqualTo(new Outcome.Decoded(transaction));
  }

  /// A contract call whose bytes are a token transfer is read as one: the bytes decide.
  @Property
  void readsTheIntentOffTheBytes(@ForAll("intents") Intent intent) {
    assertThat(CallEncoder.encode(CallDecoder.decode(CallEncoder.encode(intent))))
        .isEqualTo(CallEncoder.encode(intent));
  }

  @Property
  void encodesLikeWeb3j(@ForAll("transactions") UnsignedTransaction transaction) {
    RawTransaction theirs =
        RawTransaction.createTransaction(
            transaction.chain().eip155(),
            BigInteger.valueOf(transaction.nonce().value()),
            BigInteger.valueOf(transaction.fees().gasLimit().units()),
            transaction.call().to().hex(),
            transaction.call().value().value(),
            transaction.call().data().hex(),
            transaction.fees().maxPriorityFeePerGas().value(),
            transaction.fees().maxFeePerGas().value());
    assertThat(transaction.encode()).isEqualTo(Bytes.of(TransactionEncoder.encode(theirs)));
  }

  @Property
  void isTotalOnArbitraryBytes(@ForAll @Size(max = 300) byte[] bytes) {
    assertThat(TransactionDecoder.decode(Bytes.of(bytes))).isNotNull();
  }

  @Property
  void isTotalBehindARightType(@ForAll @Size(max = 300) byte[] bytes) {
    byte[] typed = new byte[bytes.length + 1];
    typed[0] = 2;
    System.arraycopy(bytes, 0, typed, 1, bytes.length);
    assertThat(TransactionDecoder.decode(Bytes.of(typed))).isNotNull();
  }

  /// Whatever one changed byte makes of a transaction, it is never another reading of the same
  /// bytes.
  @Property
  void neverReadsTwoTransactionsFromOneEncoding(
      @ForAll("transactions") UnsignedTransaction transaction,
      @ForAll @IntRange(max = 10_000) int position,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    byte[] bytes = transaction.encode().toArray();
    bytes[position % bytes.length] ^= (byte) change;
    if (TransactionDecoder.decode(Bytes.of(bytes)) instanceof Outcome.Decoded decoded) {
      assertThat(decoded.transaction()).isNotEqualTo(transaction);
      assertThat(decoded.transaction().encode()).isEqualTo(Bytes.of(bytes));
    }
  }
}
