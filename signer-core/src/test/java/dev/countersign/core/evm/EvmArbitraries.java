package dev.countersign.core.evm;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.TokenAmount;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Transactions of every shape that is signed here.
final class EvmArbitraries {
  private static final BigInteger MOST = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

  private EvmArbitraries() {}

  static Arbitrary<Bytes> bytes(int least, int most) {
    return Arbitraries.bytes().array(byte[].class).ofMinSize(least).ofMaxSize(most).map(Bytes::of);
  }

  static Arbitrary<Address> addresses() {
    return bytes(20, 20).map(Address::of);
  }

  static Arbitrary<BigInteger> amounts() {
    return Arbitraries.bigIntegers().between(BigInteger.ZERO, MOST);
  }

  static Arbitrary<Intent.OfTransaction> intents() {
    return Arbitraries.oneOf(
        calls(),
        Combinators.combine(amounts(), bytes(1, 200))
            .as((amount, code) -> new Intent.ContractCreation(new Wei(amount), code)));
  }

  /// Those with a recipient.
  static Arbitrary<Intent.OfTransaction> calls() {
    return Arbitraries.oneOf(
        Combinators.combine(addresses(), amounts())
            .as((to, amount) -> new Intent.NativeTransfer(to, new Wei(amount))),
        Combinators.combine(addresses(), addresses(), amounts())
            .as(
                (token, to, amount) ->
                    new Intent.Erc20Transfer(token, to, new TokenAmount(amount))),
        Combinators.combine(addresses(), amounts(), bytes(4, 200))
            .as((to, amount, data) -> new Intent.ContractCall(to, new Wei(amount), data)));
  }

  static Arbitrary<Fees> fees() {
    return Combinators.combine(
            amounts(), amounts(), Arbitraries.longs().between(21_000, Long.MAX_VALUE))
        .as(
            (one, other, gas) ->
                new Fees(new Wei(one.min(other)), new Wei(one.max(other)), new GasLimit(gas)));
  }

  private static Arbitrary<AccessList> accessLists() {
    return Combinators.combine(addresses(), bytes(32, 32).map(Digest32::new).list().ofMaxSize(3))
        .as(AccessList.Entry::new)
        .list()
        .ofMaxSize(3)
        .map(AccessList::new);
  }

  private static Arbitrary<ChainId> chains() {
    return Arbitraries.longs().between(1, 999_999_999_999_999_999L).map(ChainId::ofEip155);
  }

  private static Arbitrary<Nonce> nonces() {
    return Arbitraries.longs().between(0, Long.MAX_VALUE).map(Nonce::new);
  }

  static Arbitrary<RecoverableSignature> signatures() {
    Arbitrary<BigInteger> half =
        Arbitraries.bigIntegers().between(BigInteger.ONE, Secp256k1Curve.HALF_ORDER);
    return Combinators.combine(half, half, Arbitraries.integers().between(0, 1))
        .as(RecoverableSignature::new);
  }

  private static Arbitrary<Envelope> envelopes() {
    return Arbitraries.oneOf(
        Arbitraries.just(new Envelope.Legacy()),
        accessLists().map(Envelope.OnePrice::new),
        accessLists().map(Envelope.FeeMarket::new),
        Combinators.combine(
                accessLists(),
                amounts(),
                bytes(31, 31)
                    .map(rest -> Digest32.fromHex("0x01" + rest.hex().substring(2)))
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(6))
            .as((list, fee, hashes) -> new Envelope.Blobs(list, new Wei(fee), hashes)),
        Combinators.combine(
                accessLists(),
                Combinators.combine(chains().optional(), addresses(), nonces(), signatures())
                    .as(SignedAuthorization::new)
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(3))
            .as(Envelope.SetCode::new));
  }

  static Arbitrary<UnsignedTransaction> transactions() {
    return envelopes()
        .flatMap(
            envelope ->
                Combinators.combine(
                        chains(), nonces(), fees(), envelope.mayCreate() ? intents() : calls())
                    .as(
                        (chain, nonce, fees, intent) ->
                            UnsignedTransaction.of(
                                chain,
                                nonce,
                                envelope.hasOnePrice() ? onePrice(fees) : fees,
                                intent,
                                envelope)));
  }

  private static Fees onePrice(Fees fees) {
    return new Fees(fees.maxFeePerGas(), fees.maxFeePerGas(), fees.gasLimit());
  }
}
