package dev.countersign.core.evm;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
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

  static Arbitrary<Intent> intents() {
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

  static Arbitrary<UnsignedTransaction> transactions() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 999_999_999_999_999_999L),
            Arbitraries.longs().between(0, Long.MAX_VALUE),
            fees(),
            intents())
        .as(
            (chain, nonce, fees, intent) ->
                UnsignedTransaction.of(ChainId.ofEip155(chain), new Nonce(nonce), fees, intent));
  }
}
