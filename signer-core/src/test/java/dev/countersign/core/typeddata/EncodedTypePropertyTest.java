package dev.countersign.core.typeddata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.AbiType;
import dev.countersign.core.action.StatedFunction;
import dev.countersign.core.model.InvalidValueException;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Types and signatures that people write: either the canonical form, or refused.
class EncodedTypePropertyTest {

  @Property(tries = 400)
  void anEncodedTypeIsTheOneFormThereIsOrRefused(@ForAll("texts") String text) {
    assertThat(readOrRefused(text, EncodedType::parse)).isTrue();
  }

  @Property(tries = 400)
  void aSignatureIsTheOneFormThereIsOrRefused(@ForAll("texts") String text) {
    assertThat(readOrRefused(text, StatedFunction::parse)).isTrue();
  }

  @Property(tries = 200)
  void aTypeIsTheOneFormThereIsOrRefused(@ForAll("texts") String text) {
    try {
      assertThat(AbiType.parse(text).parts()).isNotNull();
    } catch (InvalidValueException e) {
      assertThat(e.expected()).isNotEmpty();
    }
  }

  @Property(tries = 300)
  void placesAreFoundOrRefused(@ForAll("places") String place) {
    EncodedType type = EncodedType.parse("Order(Item[] items,Item one)Item(uint8 price)");
    try {
      assertThat(type.find(place).typeName()).isEqualTo("uint8");
    } catch (InvalidValueException e) {
      assertThat(e.expected()).isNotEmpty();
    }
  }

  private static boolean readOrRefused(String text, Function<String, ?> parse) {
    try {
      return parse.apply(text).toString().equals(text);
    } catch (InvalidValueException e) {
      return true;
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "Order",
            "Item",
            "(",
            ")",
            ",",
            " ",
            "address",
            "uint256",
            "uint",
            "[]",
            "[2]",
            "maker",
            "bytes32",
            "string",
            "Item(uint8 price)",
            "é",
            "0")
        .list()
        .ofMaxSize(10)
        .map(words -> String.join("", words));
  }

  @Provide
  Arbitrary<String> places() {
    return Arbitraries.of("items", "one", "price", "*", ".", "0", "")
        .list()
        .ofMaxSize(6)
        .map(words -> String.join("", words));
  }
}
