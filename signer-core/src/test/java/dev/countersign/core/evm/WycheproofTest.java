package dev.countersign.core.evm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// [Secp256k1Curve] against the vectors of project Wycheproof (see the README beside them).
class WycheproofTest {
  private static final String VECTORS = "wycheproof-ecdsa-secp256k1-sha256-p1363.json";
  private static final int SCALAR = 32;

  /// Valid ECDSA, but the x of its nonce point is n or more, and Ethereum has no way to say so: its
  /// y parity is 0 or 1 only. One signature in 2^127 is like these; we refuse it.
  private static final Set<Integer> UNRECOVERABLE = Set.of(115, 247);

  static Stream<Vector> vectors() {
    try (InputStream in = WycheproofTest.class.getResourceAsStream(VECTORS)) {
      JsonNode root = new ObjectMapper().readTree(Objects.requireNonNull(in, VECTORS));
      return root.get("testGroups").valueStream().flatMap(Vector::ofGroup).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(VECTORS, e);
    }
  }

  @Test
  void allVectorsAreRead() {
    assertThat(vectors()).hasSize(252);
    assertThat(vectors().filter(Vector::valid)).hasSize(167);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void takesValidSignaturesAndRefusesOthers(Vector vector) {
    // Fixed width is the caller's business: r and s come to us as numbers.
    if (vector.signature().size() != 2 * SCALAR) {
      assertThat(vector.valid()).isFalse();
      return;
    }

    Optional<RecoverableSignature> recovered = vector.recoverable();

    assertThat(recovered.isPresent())
        .isEqualTo(vector.valid() && !UNRECOVERABLE.contains(vector.id()));
    recovered.ifPresent(
        signature -> {
          assertThat(signature.s()).isLessThanOrEqualTo(Secp256k1Curve.HALF_ORDER);
          assertThat(signature.s()).isIn(vector.s(), Secp256k1Curve.ORDER.subtract(vector.s()));
          assertThat(Secp256k1Curve.verifies(vector.digest(), signature, vector.publicKey()))
              .isTrue();
          assertThat(
                  Secp256k1Curve.verifies(vector.digest(), flipped(signature), vector.publicKey()))
              .as("with the other y parity")
              .isFalse();
        });
  }

  private static RecoverableSignature flipped(RecoverableSignature signature) {
    return new RecoverableSignature(signature.r(), signature.s(), 1 - signature.yParity());
  }

  record Vector(
      int id,
      String comment,
      PublicKey publicKey,
      Digest32 digest,
      Bytes signature,
      boolean valid) {

    static Stream<Vector> ofGroup(JsonNode group) {
      PublicKey key =
          new PublicKey(Bytes.fromHex("0x" + group.get("publicKey").get("uncompressed").asText()));
      return group
          .get("tests")
          .valueStream()
          .map(
              test ->
                  new Vector(
                      test.get("tcId").asInt(),
                      test.get("comment").asText(),
                      key,
                      sha256(hex(test.get("msg"))),
                      Bytes.of(hex(test.get("sig"))),
                      test.get("result").asText().equals("valid")));
    }

    Optional<RecoverableSignature> recoverable() {
      BigInteger r = new BigInteger(1, signature.slice(0, SCALAR).toArray());
      return Secp256k1Curve.recoverable(digest, r, s(), publicKey);
    }

    BigInteger s() {
      return new BigInteger(1, signature.slice(SCALAR, 2 * SCALAR).toArray());
    }

    private static byte[] hex(JsonNode node) {
      return HexFormat.of().parseHex(node.asText());
    }

    private static Digest32 sha256(byte[] message) {
      try {
        return Digest32.of(MessageDigest.getInstance("SHA-256").digest(message));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String toString() {
      return id + " " + comment;
    }
  }
}
