package dev.countersign.policy.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.policy.condition.Condition.Answer;
import dev.countersign.policy.condition.ConditionReader.Reading;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.StringLength;

class ConditionReaderPropertyTest {
  private static final String MOST =
      "115792089237316195423570985008687907853269984665640564039457584007913129639935";

  private final ConditionReader reader =
      new ConditionReader(
          Map.of("one", FactType.AMOUNT, "other", FactType.AMOUNT), Map.of(), BigInteger::new);

  @Property(tries = 200)
  void comparesAndAddsAmountsAsWholeNumbers(
      @ForAll @BigRange(min = "0", max = MOST) BigInteger one,
      @ForAll @BigRange(min = "0", max = MOST) BigInteger other) {
    assertThat(ask("one < other", one, other)).isEqualTo(one.compareTo(other) < 0);
    assertThat(ask("one >= other", one, other)).isEqualTo(one.compareTo(other) >= 0);
    assertThat(ask("one == other", one, other)).isEqualTo(one.equals(other));
    assertThat(ask("one + other == amount(\"%s\")".formatted(one.add(other)), one, other)).isTrue();
  }

  @Property(tries = 300)
  void anyTextIsAConditionOrAProblem(@ForAll @StringLength(max = 60) String text) {
    assertThat(reader.read(text)).isNotNull();
  }

  @Property(tries = 300)
  void anyWordsAreAConditionOrAProblemAndAnswerTwiceAlike(@ForAll("words") String text) {
    if (reader.read(text) instanceof Reading.Valid(Condition condition)) {
      Answer answer = condition.ask(name -> Optional.of(new Amount(BigInteger.TEN)));
      assertThat(condition.ask(name -> Optional.of(new Amount(BigInteger.TEN)))).isEqualTo(answer);
    }
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
            "one",
            "other",
            "<",
            ">=",
            "==",
            "!=",
            "&&",
            "||",
            "!",
            "(",
            ")",
            "true",
            "false",
            "?",
            ":",
            "amount(\"5\")",
            "+",
            "-",
            "*",
            "3",
            "in",
            "[",
            "]",
            ",",
            "\"a\"")
        .list()
        .ofMaxSize(12)
        .map(words -> String.join(" ", words));
  }

  private boolean ask(String text, BigInteger one, BigInteger other) {
    Condition condition = ((Reading.Valid) reader.read(text)).condition();
    return condition
        .ask(name -> Optional.of(new Amount(name.equals("one") ? one : other)))
        .equals(new Answer.Told(true));
  }
}
