package dev.countersign.core.evm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TransactionDecoderPropertyTest {

  @Provide
  Arbitrary<UnsignedTransaction> transactions() {
    return EvmArbitraries.transactions();
  }

  @Provide
  Arbitrary<RecoverableSignature> signatures() {
    return EvmArbitraries.signatures();
  }

  @Provide
  Arbitrary<Intent.OfTransaction> intents() {
    return EvmArbitraries.intents();
  }

  @Property
  void decodesWhatItEncodes(@ForAll("transactions") UnsignedTransaction transaction) {
    assertThat(TransactionDecoder.decode(transaction.encode()))
        .isEqualTo(new Outcome.Decoded(transaction));
  }

  /// A contract call whose bytes are a token transfer is read as one: the bytes decide.
  @Property
  void readsTheIntentOffTheBytes(@ForAll("intents") Intent.OfTransaction intent) {
    assertThat(CallEncoder.encode(CallDecoder.decode(CallEncoder.encode(intent))))
        .isEqualTo(CallEncoder.encode(intent));
  }

  @Property
  void encodesLikeWeb3j(@ForAll("transactions") UnsignedTransaction transaction) {
    assertThat(transaction.encode()).isEqualTo(Web3jTransactions.unsigned(transaction));
  }

  @Property
  void signsLikeWeb3j(
      @ForAll("transactions") UnsignedTransaction transaction,
      @ForAll("signatures") RecoverableSignature signature) {
    assertThat(transaction.sign(signature).bytes())
        .isEqualTo(Web3jTransactions.signed(transaction, signature));
  }

  @Property
  void readsWhatItSigned(
      @ForAll("transactions") UnsignedTransaction transaction,
      @ForAll("signatures") RecoverableSignature signature) {
    assertThat(transaction.sign(signature).read())
        .contains(new SignedFields(transaction, signature));
  }

  @Property
  void readsItsEnvelopesByThemselves(@ForAll("transactions") UnsignedTransaction transaction) {
    Envelope envelope = transaction.envelope();
    assertThat(EnvelopeCodec.decode(EnvelopeCodec.encode(envelope))).isEqualTo(envelope);
  }

  @Property
  void readingSignedBytesIsTotal(
      @ForAll @IntRange(max = 5) int type, @ForAll @Size(max = 300) byte[] bytes) {
    assertThat(new SignedTransaction(Bytes.of(bytes)).read()).isEmpty();
    assertThat(new SignedTransaction(behind(type, bytes)).read()).isEmpty();
  }

  @Property
  void isTotalOnArbitraryBytes(@ForAll @Size(max = 300) byte[] bytes) {
    assertThat(TransactionDecoder.decode(Bytes.of(bytes))).isNotNull();
  }

  @Property
  void isTotalBehindARightType(
      @ForAll @IntRange(min = 1, max = 4) int type, @ForAll @Size(max = 300) byte[] bytes) {
    assertThat(TransactionDecoder.decode(behind(type, bytes))).isNotNull();
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

  private static Bytes behind(int type, byte[] bytes) {
    byte[] typed = new byte[bytes.length + 1];
    typed[0] = (byte) type;
    System.arraycopy(bytes, 0, typed, 1, bytes.length);
    return Bytes.of(typed);
  }
}
