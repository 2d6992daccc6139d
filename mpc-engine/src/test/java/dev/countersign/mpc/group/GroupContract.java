package dev.countersign.mpc.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// What is true of every group.
abstract class GroupContract<P extends Point<P>> {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Group<P> group;

  GroupContract(Group<P> group) {
    this.group = group;
  }

  private Scalar random() {
    return group.scalars().random(RANDOM);
  }

  @RepeatedTest(20)
  void scalarsAndPointsGoTogether() {
    Scalar a = random();
    Scalar b = random();
    P point = group.generate(a);
    assertThat(point.plus(group.generate(b))).isEqualTo(group.generate(a.plus(b)));
    assertThat(point.times(b)).isEqualTo(group.generate(a.times(b)));
    assertThat(point.timesPublic(b)).isEqualTo(group.generate(a.times(b)));
    assertThat(group.generator().times(a)).isEqualTo(point);
    assertThat(point.negated()).isEqualTo(group.generate(a.negated()));
    assertThat(
            group.sumOfProducts(
                List.of(point, group.generator(), group.identity()), List.of(b, a, b)))
        .isEqualTo(group.generate(a.times(b).plus(a)));
  }

  @Test
  void theIdentityIsOne() {
    P identity = group.identity();
    P point = group.generate(random());
    Scalar zero = group.scalars().zero();
    assertThat(identity.isIdentity()).isTrue();
    assertThat(point.isIdentity()).isFalse();
    assertThat(identity.plus(point)).isEqualTo(point);
    assertThat(point.plus(identity)).isEqualTo(point);
    assertThat(point.plus(point.negated()).isIdentity()).isTrue();
    assertThat(group.generate(zero).isIdentity()).isTrue();
    assertThat(point.times(zero).isIdentity()).isTrue();
    assertThat(point.timesPublic(zero).isIdentity()).isTrue();
    assertThat(identity.times(random()).isIdentity()).isTrue();
    assertThat(identity.negated().isIdentity()).isTrue();
    assertThat(point.plus(point)).isEqualTo(point.times(group.scalars().of(2)));
  }

  @RepeatedTest(5)
  void pointsAreReadAsTheyAreWritten() throws MalformedElementException {
    P point = group.generate(random());
    byte[] encoded = point.encode();
    assertThat(encoded).hasSize(group.pointBytes());
    assertThat(group.decode(encoded)).isEqualTo(point);
  }

  @Test
  void whatIsNoPointIsRefused() {
    refused(new byte[0]);
    refused(new byte[group.pointBytes()]);
    refused(new byte[group.pointBytes() + 1]);
    byte[] all = new byte[group.pointBytes()];
    java.util.Arrays.fill(all, (byte) 0xff);
    refused(all);
    int refusals = 0;
    for (int i = 0; i < 64; i++) {
      byte[] bytes = group.generate(random()).encode();
      bytes[bytes.length - 2] ^= 1;
      try {
        group.decode(bytes);
      } catch (MalformedElementException _) {
        refusals++;
      }
    }
    assertThat(refusals).as("half of all x are no point's").isBetween(10, 64);
  }

  void refused(byte[] encoded) {
    assertThatThrownBy(() -> group.decode(encoded)).isInstanceOf(MalformedElementException.class);
  }
}
