package dev.countersign.mpc.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Vectors against scalars one by one.
class ScalarVectorTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final ScalarField FIELD = ScalarField.SECP256K1;
  private static final Scalar LARGEST = FIELD.one().negated();
  private static final int SIZE = 512;

  private static ScalarVector vector(List<Scalar> scalars) {
    ScalarVector vector = new ScalarVector(scalars.size());
    for (int i = 0; i < scalars.size(); i++) {
      vector.set(i, scalars.get(i));
    }
    return vector;
  }

  private static List<Scalar> scalars() {
    return Stream.generate(() -> FIELD.random(RANDOM)).limit(SIZE).toList();
  }

  private static Scalar sumOfProducts(List<Scalar> a, List<Scalar> b) {
    Scalar sum = FIELD.zero();
    for (int i = 0; i < a.size(); i++) {
      sum = sum.plus(a.get(i).times(b.get(i)));
    }
    return sum;
  }

  @RepeatedTest(20)
  void dotIsTheSumOfProducts() {
    List<Scalar> entries = scalars();
    List<Scalar> weights = scalars();
    assertThat(vector(entries).dot(ScalarWeights.of(weights)))
        .isEqualTo(sumOfProducts(entries, weights));
  }

  /// No column of the sum overflows.
  @Test
  void dotOfTheLargestIsTheSumOfProducts() {
    List<Scalar> largest = Stream.generate(() -> LARGEST).limit(SIZE).toList();
    List<Scalar> zeros = Stream.generate(FIELD::zero).limit(SIZE).toList();
    assertThat(vector(largest).dot(ScalarWeights.of(largest))).isEqualTo(FIELD.of(SIZE));
    assertThat(vector(largest).dot(ScalarWeights.of(scalars()))).isNotEqualTo(FIELD.zero());
    assertThat(vector(largest).dot(ScalarWeights.of(zeros))).isEqualTo(FIELD.zero());
  }

  @RepeatedTest(5)
  void productsAreAddedToEachEntry() {
    List<Scalar> entries = new ArrayList<>(scalars());
    List<Scalar> first = new ArrayList<>(scalars());
    List<Scalar> second = scalars();
    entries.set(0, LARGEST);
    first.set(0, LARGEST);
    first.set(1, FIELD.zero());
    List<Scalar> factors = List.of(LARGEST, FIELD.random(RANDOM));
    ScalarVector sum = vector(entries);
    sum.addProducts(List.of(vector(first), vector(second)), factors);
    for (int i = 0; i < SIZE; i++) {
      assertThat(sum.get(i))
          .isEqualTo(
              entries.get(i).plus(sumOfProducts(List.of(first.get(i), second.get(i)), factors)));
    }
  }
}
