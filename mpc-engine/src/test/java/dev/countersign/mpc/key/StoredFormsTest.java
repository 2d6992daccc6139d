package dev.countersign.mpc.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Ed25519Group;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.transcript.SessionId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Stored bytes, written out: whatever changes them needs another version.
class StoredFormsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;

  /// The generator and its multiples, SEC 2 section 2.4.1 and what follows from it.
  private static final String G =
      "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

  private static final String TWO_G =
      "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5";
  private static final String THREE_G =
      "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9";

  /// Public keys of RFC 8032 section 7.1, tests 1 and 2.
  private static final String FIRST =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  private static final String SECOND =
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

  private static final String SESSION = "11".repeat(32);
  private static final String CHAIN_CODE = "22".repeat(32);
  private static final String DIGEST = "33".repeat(32);

  /// Of the polynomial 1 + x: form 6 version 1, secp256k1, a key id of three bytes, epoch 7, key
  /// generation, chain code, threshold 2, key, parties 1 and 2, their shares.
  static final String KEY =
      "0601"
          + "01"
          + "0003aabbcc"
          + "0000000000000007"
          + SESSION
          + CHAIN_CODE
          + "02"
          + G
          + "020102"
          + TWO_G
          + THREE_G;

  private static final String SECRET = "00".repeat(31) + "03";
  static final String SHARE = "0701" + "00b7" + KEY + "02" + SECRET;
  private static final String OUTCOME = "0801" + SESSION + DIGEST + "020102" + FIRST + SECOND;
  static final String PREPARED = "0901" + "0085" + OUTCOME + "02" + "00b7" + KEY + "01" + SECRET;
  static final String LEDGER =
      "0a01" + "02" + "01" + "0164" + PREPARED + "00" + "00" + "01" + DIGEST;

  static EpochShare<Secp256k1Point> share() {
    EpochKey<Secp256k1Point> key =
        new EpochKey<>(
            GROUP,
            HEX.parseHex("aabbcc"),
            7,
            SessionId.ofBytes(HEX.parseHex(SESSION)),
            HEX.parseHex(CHAIN_CODE),
            new GroupKey<>(
                2, multiple(1), Map.of(new Party(1), multiple(2), new Party(2), multiple(3))));
    return new EpochShare<>(key, new Party(2), GROUP.scalars().of(3));
  }

  private static Secp256k1Point multiple(int factor) {
    return GROUP.generate(GROUP.scalars().of(factor));
  }

  private static PreparedKey<Secp256k1Point> prepared() {
    Map<Party, PeerIdentity> identities = new TreeMap<>();
    identities.put(new Party(1), PeerIdentity.of(HEX.parseHex(FIRST)));
    identities.put(new Party(2), PeerIdentity.of(HEX.parseHex(SECOND)));
    Outcome outcome =
        new Outcome(SessionId.ofBytes(HEX.parseHex(SESSION)), identities, HEX.parseHex(DIGEST));
    return new PreparedKey<>(outcome, new Party(2), share().key(), Optional.of(share()));
  }

  @Test
  void goldenBytes() throws Exception {
    assertThat(HEX.formatHex(share().key().encode())).isEqualTo(KEY);
    assertThat(HEX.formatHex(share().encode())).isEqualTo(SHARE);
    assertThat(HEX.formatHex(prepared().encode())).isEqualTo(PREPARED);
  }

  @Test
  void goldenBytesAreRead() throws Exception {
    assertThat(EpochKey.decode(GROUP, HEX.parseHex(KEY))).isEqualTo(share().key());
    EpochShare<Secp256k1Point> share = EpochShare.decode(GROUP, HEX.parseHex(SHARE));
    assertThat(share.key()).isEqualTo(share().key());
    assertThat(share.share().secret()).isEqualTo(GROUP.scalars().of(3));
    KeyLedger<Secp256k1Point> ledger = KeyLedger.decode(GROUP, HEX.parseHex(LEDGER));
    assertThat(HEX.formatHex(ledger.encode())).isEqualTo(LEDGER);
    assertThat(ledger.active().orElseThrow().party()).isEqualTo(new Party(2));
    assertThat(PeerIdentity.decode(HEX.parseHex("0b01" + FIRST)).encode())
        .isEqualTo(HEX.parseHex("0b01" + FIRST));
  }

  @Test
  void keysThatAreNotWhatTheySayAreRefused() {
    for (String bad :
        List.of(
            "",
            "06",
            KEY + "00",
            KEY.substring(0, KEY.length() - 2),
            "0602" + KEY.substring(4),
            "0701" + KEY.substring(4),
            KEY.replace("0601" + "01", "0601" + "02"),
            KEY.replace("0003aabbcc", "0000"),
            KEY.replace("0003aabbcc", "0041" + "aa".repeat(65)),
            KEY.replace("0000000000000007", "ffffffffffffffff"),
            KEY.replace("02" + G + "020102", "01" + G + "020102"),
            KEY.replace("02" + G + "020102", "03" + G + "020102"),
            KEY.replace(G + "020102", TWO_G + "020102"),
            KEY.replace(G + "020102", G + "020201"),
            KEY.replace(G + "020102", G + "020101"),
            KEY.replace(G + "020102", G + "020002"),
            KEY.replace(G + "020102", G + "02010a"),
            KEY.replace(G + "020102", "00".repeat(33) + "020102"),
            KEY.replace(TWO_G, THREE_G))) {
      assertThatExceptionOfType(ProtocolAbortException.class)
          .as(bad)
          .isThrownBy(() -> EpochKey.decode(GROUP, HEX.parseHex(bad)))
          .satisfies(abort -> assertThat(abort.reason()).isEqualTo(Reason.MALFORMED));
    }
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(() -> EpochKey.decode(Ed25519Group.INSTANCE, HEX.parseHex(KEY)));
  }

  /// The points of order one and two.
  @Test
  void identitiesOutsideTheSubgroupOfPrimeOrderAreRefused() {
    for (String key : List.of("01" + "00".repeat(31), "ec" + "ff".repeat(30) + "7f")) {
      assertThatExceptionOfType(ProtocolAbortException.class)
          .isThrownBy(() -> PeerIdentity.decode(HEX.parseHex("0b01" + key)))
          .satisfies(abort -> assertThat(abort.reason()).isEqualTo(Reason.MALFORMED));
    }
  }

  @Test
  void aSecretThatIsNotTheShareIsRefused() {
    String other = SHARE.substring(0, SHARE.length() - 2) + "04";
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(() -> EpochShare.decode(GROUP, HEX.parseHex(other)));
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(
            () ->
                EpochShare.decode(
                    GROUP, HEX.parseHex(SHARE.replace("02" + SECRET, "03" + SECRET))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EpochShare<>(share().key(), new Party(1), GROUP.scalars().of(3)));
  }

  @Test
  void secretsHaveNoTextForm() {
    assertThat(share().toString()).doesNotContain("03").contains("party 2");
    assertThat(prepared().toString()).doesNotContain(SECRET);
  }

  @Test
  void closingAShareWipesIt() {
    EpochShare<Secp256k1Point> share = share();
    share.close();
    assertThat(share.share().secret().isZero()).isTrue();
  }
}
