package dev.countersign.core.typeddata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Keccak;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class TypedDataPropertyTest {

  @Provide
  Arbitrary<EthersVectors.Vector> vectors() {
    return Arbitraries.of(EthersVectors.all());
  }

  @Property
  void isTotalOnArbitraryText(@ForAll String text) {
    assertThat(TypedData.read(text)).isInstanceOf(TypedDataReading.Malformed.class);
  }

  @Property
  void isTotalOnAChangedDocument(
      @ForAll("vectors") EthersVectors.Vector vector,
      @ForAll @IntRange(max = 100_000) int position,
      @ForAll char change) {
    StringBuilder changed = new StringBuilder(vector.json());
    changed.setCharAt(position % changed.length(), change);
    assertThat(TypedData.read(changed.toString())).isNotNull();
  }

  /// What is read as another document is another digest, unless it is only written differently.
  @Property
  void neverSignsTwoMessagesWithOneDigest(
      @ForAll("vectors") EthersVectors.Vector vector,
      @ForAll @IntRange(max = 100_000) int position,
      @ForAll("printable") char change) {
    StringBuilder changed = new StringBuilder(vector.json());
    changed.setCharAt(position % changed.length(), change);
    if (TypedData.read(vector.json()) instanceof TypedDataReading.Read(TypedData right)
        && TypedData.read(changed.toString()) instanceof TypedDataReading.Read(TypedData other)
        && !(other.message().equals(right.message())
            && other.encodedType().equals(right.encodedType()))) {
      assertThat(Keccak.hash(other.preimage().toArray()).hex()).isNotEqualTo(vector.digest());
    }
  }

  @Provide
  Arbitrary<Character> printable() {
    return Arbitraries.chars().range(' ', '~');
  }
}
