package dev.countersign.mpc.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Ed25519Group;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeldmanVectorTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 9})
  void sharesGoWithTheirVectorAndNoOthersDo(int threshold) {
    check(Secp256k1Group.INSTANCE, threshold);
    check(Ed25519Group.INSTANCE, threshold);
  }

  private static <P extends Point<P>> void check(Group<P> group, int threshold) {
    Scalar secret = group.scalars().random(RANDOM);
    try (Polynomial polynomial = Polynomial.of(secret, threshold, RANDOM)) {
      FeldmanVector<P> vector = polynomial.commitments(group);
      assertThat(vector.threshold()).isEqualTo(threshold);
      assertThat(vector.constant()).isEqualTo(group.generate(secret));
      Scalar sum = group.scalars().zero();
      List<Party> parties = Party.first(threshold);
      for (Party party : parties) {
        Scalar share = polynomial.at(party);
        assertThat(vector.holds(party, share)).isTrue();
        assertThat(vector.holds(party, share.plus(group.scalars().one()))).isFalse();
        assertThat(vector.holds(new Party(party.number() % 9 + 1), share)).isFalse();
        sum = sum.plus(share.times(Lagrange.coefficient(group.scalars(), parties, party)));
      }
      assertThat(sum).isEqualTo(secret);
    }
  }

  @Test
  void closingAPolynomialWipesItAndNotWhatItWasMadeOf() {
    Scalar secret = GROUP.scalars().of(7);
    Polynomial polynomial = Polynomial.of(secret, 3, RANDOM);
    polynomial.close();
    assertThat(polynomial.constant().isZero()).isTrue();
    assertThat(polynomial.at(new Party(1)).isZero()).isTrue();
    assertThat(secret).isEqualTo(GROUP.scalars().of(7));
  }

  @Test
  void lengthsThatAreNoThresholdAreRefused() {
    for (int length : List.of(0, 1, 10)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new FeldmanVector<>(GROUP, Collections.nCopies(length, GROUP.generator())));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Polynomial.of(GROUP.scalars().one(), length, RANDOM));
    }
  }

  @Test
  void onlyTheConstantMayBeTheIdentity() {
    Secp256k1Point point = GROUP.generator();
    assertThat(new FeldmanVector<>(GROUP, List.of(GROUP.identity(), point)).constant())
        .isEqualTo(GROUP.identity());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FeldmanVector<>(GROUP, List.of(point, GROUP.identity())));
  }

  @Test
  void thereIsNoPartyZeroWhereTheSecretIs() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Party(0));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Lagrange.coefficient(
                    GROUP.scalars(), List.of(new Party(1), new Party(1)), new Party(1)));
  }
}
