package dev.countersign.mpc.keygen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.identity.Statement.Kind;
import dev.countersign.mpc.share.Polynomial;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Sent bytes, written out: whatever changes them, or a hash in them, needs another version.
class MessageFormsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;
  private static final Party ONE = new Party(1);

  /// SHA-256 of a counter, so that a run is the same each time.
  private static final class Counting extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private long count;

    @Override
    public void nextBytes(byte[] bytes) {
      for (int at = 0; at < bytes.length; at += 32) {
        byte[] block = sha256(ByteBuffer.allocate(Long.BYTES).putLong(0, count++).array());
        System.arraycopy(block, 0, bytes, at, Math.min(32, bytes.length - at));
      }
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /// A key of RFC 8032 section 7.1.
  private static Identity identity(String secret, String known) throws GeneralSecurityException {
    byte[] y = HEX.parseHex(known);
    for (int i = 0; i < y.length / 2; i++) {
      byte swapped = y[i];
      y[i] = y[y.length - 1 - i];
      y[y.length - 1 - i] = swapped;
    }
    boolean isOdd = y[0] < 0;
    y[0] &= 0x7f;
    KeyFactory keys = KeyFactory.getInstance("Ed25519");
    return Identity.of(
        new KeyPair(
            keys.generatePublic(
                new EdECPublicKeySpec(
                    NamedParameterSpec.ED25519, new EdECPoint(isOdd, new BigInteger(1, y)))),
            keys.generatePrivate(
                new EdECPrivateKeySpec(NamedParameterSpec.ED25519, HEX.parseHex(secret)))));
  }

  private static Identity first() throws GeneralSecurityException {
    return identity(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  }

  private static DealingPlan<Secp256k1Point> plan() throws Exception {
    Map<Party, PeerIdentity> identities = new TreeMap<>();
    identities.put(ONE, first().known());
    identities.put(
        new Party(2),
        PeerIdentity.of(
            HEX.parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")));
    return DealingPlan.generation(
        GROUP, new byte[] {7}, identities, 2, new byte[32], BanLedger.EMPTY);
  }

  @Test
  void identitiesAreTheKeysOfRfc8032() throws Exception {
    assertThat(first().known().toString())
        .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assertThat(HEX.formatHex(first().sign(new byte[0])))
        .isEqualTo(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  }

  @Test
  void goldenBytesOfARun() throws Exception {
    DealingPlan<Secp256k1Point> plan = plan();
    String session = HEX.formatHex(plan.session().bytes());
    assertThat(session)
        .isEqualTo("28f22dfa24c9a2f1aaae44264e6ddbc5e9281d92a060d98a21e0125143bc6181");
    Polynomial polynomial = Polynomial.of(GROUP.scalars().of(1), plan.threshold(), new Counting());
    Opening<Secp256k1Point> opening = Opening.of(plan, ONE, polynomial, new Counting());
    assertThat(HEX.formatHex(Arrays.copyOf(opening.encode(), 67)))
        .isEqualTo(
            "0301"
                + HEX.formatHex(sha256(new byte[8]))
                + "cd2662154e6d76b2b2b92e70c0cac3ccf534f9b74eb5b89819ec509083d00a50"
                + "02");
    assertThat(opening.encode()).hasSize(67 + 2 * 33 + 544);
    CommitRound<Secp256k1Point> round =
        new CommitRound<>(
            new DealingRun<>(plan, ONE, first(), Optional.empty()),
            Optional.of(new OwnDealing<>(polynomial, opening)));
    assertThat(HEX.formatHex(round.messages().firstEntry().getValue()))
        .isEqualTo(
            "0101"
                + session
                + "92995eb386c5665ed4c76b81eb382571324ab16d39dc193691e65abf0d772867"); // a hash of
    // all of the
    // opening
  }

  @Test
  void goldenBytesOfAStatement() throws Exception {
    Statement statement = Statement.of(Kind.STORED, plan().session(), ONE, new byte[32], first());
    assertThat(HEX.formatHex(statement.encode()))
        .isEqualTo(
            "0501"
                + "02"
                + HEX.formatHex(plan().session().bytes())
                + "01"
                + "00".repeat(32)
                + "8045384cf042e10543e391720e25dda87350012769d846530bad248228c546bd314121581e2a2bd81449cead5998a441220a6955569bb507901f4dcbc6bb4007");
    assertThat(Statement.decode(statement.encode(), Optional.empty())).isEqualTo(statement);
  }
}
