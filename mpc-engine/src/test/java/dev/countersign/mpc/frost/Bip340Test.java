package dev.countersign.mpc.frost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.group.MalformedElementException;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import fr.acinq.secp256k1.Secp256k1;
import fr.acinq.secp256k1.Secp256k1Exception;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// The vectors of BIP-340, by the challenge and the group that [FrostTaproot] signs with.
class Bip340Test {
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;

  @ParameterizedTest
  @CsvFileSource(resources = "bip340.csv", numLinesToSkip = 1, maxCharsPerColumn = 256)
  void vectorsOfBip340(int index, String key, String message, String signature, boolean valid) {
    byte[] publicKey = HexFormat.of().parseHex(key);
    byte[] digest = HexFormat.of().parseHex(message);
    byte[] bytes = HexFormat.of().parseHex(signature);
    assertThat(verifies(publicKey, digest, bytes)).as("vector %d", index).isEqualTo(valid);
    assertThat(verifiesElsewhere(publicKey, digest, bytes)).isEqualTo(valid);
  }

  private static boolean verifies(byte[] key, byte[] message, byte[] signature) {
    try {
      Secp256k1Point point = even(key);
      Secp256k1Point nonce = even(Arrays.copyOf(signature, 32));
      Scalar response = GROUP.scalars().decode(Arrays.copyOfRange(signature, 32, 64));
      Scalar challenge = FrostTaproot.INSTANCE.challenge(nonce, point, message);
      return GROUP.generate(response).equals(nonce.plus(point.timesPublic(challenge)));
    } catch (MalformedElementException e) {
      return false;
    }
  }

  private static Secp256k1Point even(byte[] x) throws MalformedElementException {
    byte[] encoded = new byte[33];
    encoded[0] = 2;
    System.arraycopy(x, 0, encoded, 1, x.length);
    return GROUP.decode(encoded);
  }

  private static boolean verifiesElsewhere(byte[] key, byte[] message, byte[] signature) {
    try {
      return Secp256k1.get().verifySchnorr(signature, message, key);
    } catch (Secp256k1Exception e) {
      return false;
    }
  }
}
