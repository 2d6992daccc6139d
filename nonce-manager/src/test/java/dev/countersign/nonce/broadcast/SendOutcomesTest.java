package dev.countersign.nonce.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SendOutcomesTest {
  private static final SendOutcome ACCEPTED = new SendOutcome.Accepted(true);
  private static final SendOutcome FUNDS = refused(ErrorKind.INSUFFICIENT_FUNDS);
  private static final SendOutcome FULL = refused(ErrorKind.POOL_FULL);
  private static final SendOutcome USED =
      new SendOutcome.Unknown(ErrorKind.NONCE_TOO_LOW, "nonce too low");
  private static final SendOutcome UNHEARD_OF = new SendOutcome.Unknown(ErrorKind.OTHER, "odd");

  @ParameterizedTest
  @EnumSource
  void whatOneNodeTookIsTaken(ErrorKind kind) {
    assertThat(together(refused(kind), refused(kind), ACCEPTED)).isEqualTo(ACCEPTED);
    assertThat(together(UNHEARD_OF, ACCEPTED, refused(kind))).isEqualTo(ACCEPTED);
  }

  @Test
  void aRefusalCountsWhenTwoSaySo() {
    assertThat(together(FUNDS, FUNDS)).isEqualTo(FUNDS);
    assertThat(together(FUNDS, UNHEARD_OF, FUNDS)).isEqualTo(FUNDS);
    assertThat(together(FULL, FUNDS, FUNDS)).as("whoever was first").isEqualTo(FUNDS);
    assertThat(together(USED, FUNDS, FUNDS)).isEqualTo(FUNDS);
  }

  @Test
  void aRefusalOfTheOnlyOneThatAnswersCounts() {
    assertThat(together(FUNDS)).isEqualTo(FUNDS);
    assertThat(together(USED)).isEqualTo(USED);
  }

  @ParameterizedTest
  @EnumSource
  void oneRefusalAmongSeveralAnswersSaysNothing(ErrorKind kind) {
    assertThat(together(refused(kind), UNHEARD_OF))
        .isEqualTo(
            new SendOutcome.Unknown(ErrorKind.OTHER, "refused: no, %s; odd".formatted(kind)));
    assertThat(together(UNHEARD_OF, refused(kind), UNHEARD_OF))
        .isInstanceOf(SendOutcome.Unknown.class);
  }

  @Test
  void refusalsForDifferentReasonsSayNothing() {
    assertThat(together(FUNDS, FULL, refused(ErrorKind.FEE_CAP)))
        .isInstanceOf(SendOutcome.Unknown.class);
  }

  @Test
  void payingTooLittleIsOneReasonInTwoWords() {
    assertThat(together(refused(ErrorKind.REPLACEMENT_UNDERPRICED), refused(ErrorKind.UNDERPRICED)))
        .isEqualTo(refused(ErrorKind.REPLACEMENT_UNDERPRICED));
  }

  @Test
  void aNonceThatIsUsedIsLookedInto() {
    assertThat(together(FUNDS, UNHEARD_OF, USED)).isEqualTo(USED);
    assertThat(together(USED, UNHEARD_OF, FUNDS)).isEqualTo(USED);
  }

  private static SendOutcome together(SendOutcome first, SendOutcome... others) {
    return SendOutcomes.together(first, List.of(others));
  }

  private static SendOutcome refused(ErrorKind kind) {
    return new SendOutcome.Refused(kind, "no, " + kind);
  }
}
