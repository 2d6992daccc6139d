package dev.countersign.policy.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.condition.Condition.Answer;
import dev.countersign.policy.condition.ConditionReader.Reading;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionReaderTest {
  private static final Address FRIEND = Address.parse("0x52908400098527886E0F7030069857D2E4169EE7");
  private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  private static final Map<String, FactType> TYPES =
      Map.of(
          "action.amount", FactType.AMOUNT,
          "action.destination", FactType.ADDRESS,
          "action.level", FactType.NUMBER,
          "action.isNative", FactType.FLAG,
          "chain", FactType.TEXT);

  private static final Map<String, Object> FACTS =
      Map.of(
          "action.amount",
          new Amount(LARGEST),
          "action.destination",
          Place.of(FRIEND),
          "action.level",
          2L,
          "action.isNative",
          true,
          "chain",
          "eip155:1");

  private final ConditionReader reader =
      new ConditionReader(TYPES, Map.of("friends", Set.of(FRIEND)), ConditionReaderTest::amount);

  private static BigInteger amount(String text) {
    if (!text.matches("[0-9]+")) {
      throw InvalidValueException.of("amount", text, "digits");
    }
    return new BigInteger(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "action.isNative",
        "action.level == 2 && chain == \"eip155:1\"",
        "chain in [\"eip155:1\", \"eip155:10\"]",
        "chain.startsWith(\"eip155:\") ? action.level > 1 : false",
        "action.amount > amount(\"18446744073709551616\")",
        "action.amount - amount(\"1\") < action.amount",
        "action.amount + amount(\"1\") > action.amount",
        "action.amount * 3 - action.amount - action.amount == action.amount",
        "action.destination == address(\"0x52908400098527886E0F7030069857D2E4169EE7\")",
        "action.destination.isIn(\"friends\")",
        "!(action.destination in [address(\"0x8617E340B3D1FA5F411F306F4090FD116D649DD7\")])"
      })
  void holds(String text) {
    assertThat(ask(text)).isEqualTo(new Answer.Told(true));
  }

  @Test
  void isExactToTheLastUnitHoweverLarge() {
    assertThat(ask("action.amount == amount(\"%s\")".formatted(LARGEST)))
        .isEqualTo(new Answer.Told(true));
    assertThat(ask("action.amount == amount(\"%s\")".formatted(LARGEST.subtract(BigInteger.ONE))))
        .isEqualTo(new Answer.Told(false));
  }

  @Test
  void nobodyIsNeitherAnAddressNorInAList() {
    Condition condition = condition("action.destination.isIn(\"friends\")");
    Place nobody = new Place(Optional.empty());
    assertThat(condition.ask(name -> Optional.of(nobody))).isEqualTo(new Answer.Told(false));
  }

  @Test
  void whatCannotBeToldIsNeitherTrueNorFalse() {
    assertThat(ask("9223372036854775807 + action.level > 0")).isInstanceOf(Answer.Untold.class);
    assertThat(condition("action.isNative").ask(name -> Optional.empty()))
        .isInstanceOf(Answer.Untold.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "action.amount",
        "action.amount > 5",
        "action.amount > \"5\"",
        "action.amount / 2 == action.amount",
        "1.5 < 2.0",
        "action.amount >",
        "[1, 2].exists(x, x > 1)",
        "[1, 2].all(x, x > 1)",
        "[action.level].map(x, x)[0] == 2",
        "chain.matches(\"e.*\")",
        "int(\"5\") == 5",
        "dyn(1) == \"1\"",
        "timestamp(\"2026-01-01T00:00:00Z\") == timestamp(\"2026-01-01T00:00:00Z\")",
        "chain == 5",
        "chain + chain < chain + 5"
      })
  void isCheckedWhenItIsRead(String text) {
    assertThat(reader.read(text)).as(text).isInstanceOf(Reading.Invalid.class);
  }

  @Test
  void saysWhereItIsWrongAndWhatWasMeant() {
    assertThat(problem("action.isNative && action.amont > amount(\"5\")"))
        .startsWith("at 20: there is no \"action.amont\" here, expected one of action.amount,")
        .endsWith("; did you mean action.amount?");
    assertThat(problem("action.amount > 5")).startsWith("at 15: found no matching overload");
    assertThat(problem("true &&\n  chain = 5")).startsWith("at 2:9: ");
  }

  @Test
  void readsAmountsAddressesAndNamesOfListsAtOnce() {
    assertThat(problem("action.amount > amount(\"5 eth\")"))
        .isEqualTo("amount(\"5 eth\"): expected digits");
    assertThat(problem("action.destination == address(\"0x12\")"))
        .startsWith("address(\"0x12\"): expected");
    assertThat(problem("action.destination.isIn(\"friend\")"))
        .isEqualTo("isIn(\"friend\"): expected a list under `addresses` (friends?)");
    assertThat(problem("action.amount > amount(chain)"))
        .isEqualTo("amount(…) takes a text that is written out");
  }

  @Test
  void refusesWhatIsLongOrDeep() {
    String many = "action.isNative" + " && action.isNative".repeat(120);
    assertThat(reader.read(many)).isInstanceOf(Reading.Invalid.class);
    String deep = "(".repeat(5_000) + "true" + ")".repeat(5_000);
    assertThat(reader.read(deep)).isInstanceOf(Reading.Invalid.class);
    assertThat(reader.read("!".repeat(1_999) + "true")).isInstanceOf(Reading.Invalid.class);
    assertThat(reader.read("\"" + "a".repeat(3_000) + "\" == chain"))
        .isInstanceOf(Reading.Invalid.class);
  }

  private Answer ask(String text) {
    return condition(text).ask(name -> Optional.ofNullable(FACTS.get(name)));
  }

  private Condition condition(String text) {
    return switch (reader.read(text)) {
      case Reading.Valid(Condition condition) -> condition;
      case Reading.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  private String problem(String text) {
    return switch (reader.read(text)) {
      case Reading.Valid valid -> throw new AssertionError("was taken: " + valid.condition());
      case Reading.Invalid invalid -> invalid.problems().getFirst();
    };
  }
}
