package dev.countersign.mpc.share;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// A secret polynomial of which each party gets the value at its number. Shamir, How to share a
/// secret, 1979. Its maker closes it, which wipes it.
public final class Polynomial implements AutoCloseable {
  private final List<Scalar> coefficients;

  private Polynomial(List<Scalar> coefficients) {
    this.coefficients = List.copyOf(coefficients);
  }

  /// @param constant what is shared; it is copied
  /// @param threshold how many values make the constant: the number of coefficients
  public static Polynomial of(Scalar constant, int threshold, SecureRandom random) {
    if (threshold < 2 || threshold > Party.MOST) {
      throw new IllegalArgumentException(
          "expected a threshold from 2 to %d, got %d".formatted(Party.MOST, threshold));
    }
    ScalarField field = constant.field();
    List<Scalar> coefficients = new ArrayList<>();
    coefficients.add(constant.plus(field.zero()));
    while (coefficients.size() < threshold) {
      coefficients.add(field.random(random));
    }
    return new Polynomial(coefficients);
  }

  /// What is shared: this polynomial's own, not to be wiped by others.
  public Scalar constant() {
    return coefficients.getFirst();
  }

  /// The share of the party, which is a secret of its own.
  public Scalar at(Party party) {
    ScalarField field = constant().field();
    Scalar place = field.of(party.number());
    Scalar value = field.zero();
    for (Scalar coefficient : coefficients.reversed()) {
      Scalar times = value.times(place);
      value.wipe();
      value = times.plus(coefficient);
      times.wipe();
    }
    return value;
  }

  /// What is public of it. Feldman, A practical scheme for non-interactive verifiable secret
  /// sharing, 1987.
  public <P extends Point<P>> FeldmanVector<P> commitments(Group<P> group) {
    return new FeldmanVector<>(group, coefficients.stream().map(group::generate).toList());
  }

  @Override
  public void close() {
    coefficients.forEach(Scalar::wipe);
  }
}
