package dev.countersign.mpc.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class Secp256k1GroupTest extends GroupContract<Secp256k1Point> {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");

  Secp256k1GroupTest() {
    super(Secp256k1Group.INSTANCE);
  }

  @RepeatedTest(10)
  void isTheCurveOfAnotherLibrary() {
    Scalar scalar = ScalarField.SECP256K1.random(new SecureRandom());
    assertThat(Secp256k1Group.INSTANCE.generate(scalar).encode())
        .isEqualTo(CURVE.getG().multiply(new BigInteger(1, scalar.encode())).getEncoded(true));
  }

  @Test
  void blindingChangesNoResult() {
    Scalar scalar = ScalarField.SECP256K1.random(new SecureRandom());
    byte[] before = Secp256k1Group.INSTANCE.generate(scalar).encode();
    Secp256k1Group.blind(new SecureRandom());
    assertThat(Secp256k1Group.INSTANCE.generate(scalar).encode()).isEqualTo(before);
  }

  @Test
  void refusesLongAndMixedForms() {
    byte[] uncompressed = CURVE.getG().getEncoded(false);
    refused(uncompressed);
    byte[] wrongTag = CURVE.getG().getEncoded(true);
    wrongTag[0] = 5;
    refused(wrongTag);
  }
}
