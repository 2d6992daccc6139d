package dev.countersign.core.replacement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.ReplacementTransactions;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.replacement.FeeBump.Outcome;
import dev.countersign.core.replacement.FeeBump.Wanted;
import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeeBumpTest {
  private static final FeeQuote CHEAP = new FeeQuote(Wei.of(1), Wei.of(10), Wei.of(4));
  private static final FeeQuote DEAR = new FeeQuote(Wei.of(50), Wei.of(500), Wei.of(225));

  @Test
  void offersATenthMoreRoundedUpOfBoth() {
    assertThat(quoted(bump(7, 101, CHEAP))).isEqualTo(fees(8, 112));
    assertThat(quoted(bump(10, 100, CHEAP))).isEqualTo(fees(11, 110));
    assertThat(quoted(bump(0, 100, CHEAP))).isEqualTo(fees(1, 110));
  }

  @Test
  void offersMoreThanNothingWhereATenthOfItIsNothing() {
    FeeQuote free = new FeeQuote(Wei.of(0), Wei.of(10), Wei.of(4));
    assertThat(quoted(bump(0, 100, free))).isEqualTo(fees(1, 110));
    assertThat(quoted(bump(0, 0, free))).isEqualTo(fees(1, 10));
  }

  @Test
  void offersMoreWhereTheChainAsksForMore() {
    assertThat(quoted(bump(10, 100, DEAR))).isEqualTo(fees(50, 500));
    assertThat(quoted(bump(200, 250, DEAR))).isEqualTo(fees(220, 500));
  }

  @Test
  void offersTheCapWhereTheChainAsksForMoreThanThat() {
    assertThat(quoted(capped(10, 100, DEAR, 400))).isEqualTo(fees(50, 400));
    assertThat(quoted(capped(10, 100, DEAR, 110))).isEqualTo(fees(50, 110));
  }

  @Test
  void offersNothingAboveTheCap() {
    assertThat(capped(10, 100, CHEAP, 109).of(GasLimit.TRANSFER, Optional.empty()))
        .isInstanceOfSatisfying(
            Outcome.Capped.class,
            capped ->
                assertThat(capped.detail())
                    .contains("must offer 110 wei per gas or more")
                    .contains("replacement.maximumFeePerGas is 109"));
  }

  @Test
  void theCapOfWhatWasAdmittedIsOfAllItsGas() {
    FeeBump bump =
        new FeeBump(
            fees(10, 100),
            CHEAP,
            10,
            Optional.of(Wei.of(1_000)),
            Optional.empty(),
            Optional.of(BigInteger.valueOf(110 * 21_000)));
    assertThat(quoted(bump)).isEqualTo(fees(11, 110));
    assertThat(bump.of(new GasLimit(21_001), Optional.empty()))
        .isInstanceOfSatisfying(
            Outcome.Capped.class,
            capped -> assertThat(capped.detail()).contains("2310000 wei at most"));
  }

  @Test
  void theCapOfTheRequestIsAboveNothing() {
    assertThat(quoted(cappedByClient(110))).isEqualTo(fees(50, 110));
    assertThat(cappedByClient(109).of(GasLimit.TRANSFER, Optional.empty()))
        .isEqualTo(
            new Outcome.Capped(
                "a replacement must offer 110 wei per gas or more, 10 percent above the 100 of"
                    + " what it replaces; the request caps it at 109"));
    assertThat(cappedByClient(120).of(GasLimit.TRANSFER, Optional.of(wanted(11, 121))))
        .isEqualTo(new Outcome.Capped("got 121 wei per gas; the request caps it at 120"));
  }

  private static FeeBump cappedByClient(long cap) {
    return new FeeBump(
        fees(10, 100),
        DEAR,
        10,
        Optional.of(Wei.of(1_000)),
        Optional.of(Wei.of(cap)),
        Optional.empty());
  }

  @Test
  void takesFeesThatAreHighEnoughAsTheyAre() {
    FeeBump bump = bump(10, 100, DEAR);
    assertThat(bump.of(GasLimit.TRANSFER, Optional.of(wanted(11, 110))))
        .isEqualTo(new Outcome.Agreed(fees(11, 110)));
    assertThat(bump.of(GasLimit.TRANSFER, Optional.of(wanted(10, 110))))
        .isInstanceOfSatisfying(
            Outcome.TooLow.class,
            low -> assertThat(low.field()).isEqualTo("max_priority_fee_per_gas"));
    assertThat(bump.of(GasLimit.TRANSFER, Optional.of(wanted(11, 109))))
        .isInstanceOfSatisfying(
            Outcome.TooLow.class, low -> assertThat(low.field()).isEqualTo("max_fee_per_gas"));
    assertThat(bump.of(GasLimit.TRANSFER, Optional.of(wanted(111, 110))))
        .isInstanceOf(Outcome.TooLow.class);
    assertThat(capped(10, 100, CHEAP, 120).of(GasLimit.TRANSFER, Optional.of(wanted(11, 121))))
        .isInstanceOf(Outcome.Capped.class);
  }

  @Test
  void knowsWhatHasToWaitForPricesToFall() {
    assertThat(DEAR.isAbove(waiting(50, 275, Envelope.FeeMarket.PLAIN))).isFalse();
    assertThat(DEAR.isAbove(waiting(49, 275, Envelope.FeeMarket.PLAIN))).isTrue();
    assertThat(DEAR.isAbove(waiting(50, 274, Envelope.FeeMarket.PLAIN))).isTrue();
  }

  @Test
  void knowsWhatHasToWaitForThePriceOfBlobsToFall() {
    FeeQuote dearBlobs = CHEAP.withBlobs(Wei.of(14), Wei.of(7));
    assertThat(dearBlobs.isAbove(waiting(1, 5, ReplacementTransactions.ofZeros(Wei.of(7)))))
        .isFalse();
    assertThat(dearBlobs.isAbove(waiting(1, 5, ReplacementTransactions.ofZeros(Wei.of(6)))))
        .isTrue();
    assertThat(dearBlobs.isAbove(waiting(1, 5, Envelope.FeeMarket.PLAIN))).isFalse();
    assertThat(CHEAP.isAbove(waiting(1, 5, ReplacementTransactions.ofZeros(Wei.of(1)))))
        .as("nobody tells")
        .isFalse();
  }

  private static UnsignedTransaction waiting(long tip, long fee, Envelope envelope) {
    return UnsignedTransaction.of(
        ChainId.ofEip155(1),
        new Nonce(1),
        fees(tip, fee),
        new Intent.NativeTransfer(new Address("0x" + "ab".repeat(20)), Wei.of(1)),
        envelope);
  }

  private static Fees quoted(FeeBump bump) {
    return ((Outcome.Agreed) bump.of(GasLimit.TRANSFER, Optional.empty())).fees();
  }

  private static FeeBump bump(long tip, long fee, FeeQuote quote) {
    return new FeeBump(
        fees(tip, fee), quote, 10, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static FeeBump capped(long tip, long fee, FeeQuote quote, long cap) {
    return new FeeBump(
        fees(tip, fee), quote, 10, Optional.of(Wei.of(cap)), Optional.empty(), Optional.empty());
  }

  private static Wanted wanted(long tip, long fee) {
    return new Wanted(Wei.of(tip), Wei.of(fee));
  }

  private static Fees fees(long tip, long fee) {
    return new Fees(Wei.of(tip), Wei.of(fee), GasLimit.TRANSFER);
  }
}
