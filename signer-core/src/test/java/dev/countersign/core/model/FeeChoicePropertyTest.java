package dev.countersign.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.FeeChoice.ByMarket;
import java.math.BigInteger;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FeeChoicePropertyTest {
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  @Provide
  Arbitrary<ByMarket> choices() {
    return Combinators.combine(
            Arbitraries.of(FeeStrategy.class).optional(),
            Arbitraries.bigIntegers().between(BigInteger.ZERO, MOST).map(Wei::new).optional(),
            Arbitraries.longs().between(21_000, Long.MAX_VALUE).map(GasLimit::new).optional())
        .filter(
            (strategy, cap, _) ->
                cap.isPresent() || !strategy.equals(Optional.of(FeeStrategy.FIXED_CAP)))
        .as(ByMarket::new);
  }

  @Property(tries = 200)
  void eachChoiceHasOneTextThatReadsBack(@ForAll("choices") ByMarket choice) {
    if (choice.isSaid()) {
      assertThat(ByMarket.parse(choice.text())).isEqualTo(choice);
      assertThat(choice.byMarket()).contains(choice);
    } else {
      assertThat(choice.text()).isEqualTo("-");
      assertThat(choice.byMarket()).isEmpty();
    }
    assertThat(choice.text()).isNotBlank().doesNotContainAnyWhitespaces();
    assertThat(Character.isDigit(choice.text().charAt(0)))
        .as("the text of exact fees begins with a digit")
        .isFalse();
  }

  @Property(tries = 200)
  void whateverElseIsReadIsRefusedByName(@ForAll String text) {
    try {
      assertThat(ByMarket.parse(text).text()).isEqualTo(text);
    } catch (InvalidValueException e) {
      assertThat(e.expected()).isNotEmpty();
    }
  }

  @Example
  void whatSaysNothingHasNoFormAndAFixedCapNeedsOne() {
    for (String text :
        new String[] {"-", "-/-/-", "normal/-", "normal/07/-", "NORMAL/-/-", "normal/1/20999"}) {
      assertThatThrownBy(() -> ByMarket.parse(text)).isInstanceOf(InvalidValueException.class);
    }
    assertThatThrownBy(() -> ByMarket.parse("fixed-cap/-/-")).hasMessageContaining("cap");
    assertThat(ByMarket.parse("urgent/30000000000/-").feeCap()).contains(Wei.of(30_000_000_000L));
  }
}
