package dev.countersign.mpc.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Ed25519Group;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
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
  private static final String NEXT_EPOCH = "0000000000000008";
  static final String LEDGER =
      "0a02" + "02" + "01" + "0164" + PREPARED + "00" + "00" + "0001" + DIGEST + NEXT_EPOCH;

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

  /// Form, owner, one prepared key or none, no others, and as many refused sessions.
  private static byte[] ledger(boolean isPrepared, int refused) {
    ByteBuffer bytes = ByteBuffer.allocate(0x170 + 40 * refused);
    bytes.put(HEX.parseHex("0a02" + "02" + "00"));
    bytes.put(HEX.parseHex(isPrepared ? "010164" + PREPARED : "00"));
    bytes.put((byte) 0).putShort((short) refused);
    for (int i = 0; i < refused; i++) {
      bytes.position(bytes.position() + 28).putInt(i).putLong(7);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  @Test
  void aLedgerIsReadableHoweverManySessionsWereRefused() throws Exception {
    KeyLedger<Secp256k1Point> ledger = KeyLedger.empty(GROUP, new Party(2));
    for (int i = 0; i < 300; i++) {
      byte[] session = new byte[32];
      session[0] = (byte) i;
      session[1] = (byte) (i >> 8);
      ledger = ledger.refuse(SessionId.ofBytes(session), 7);
      assertThat(KeyLedger.decode(GROUP, ledger.encode()).encode()).isEqualTo(ledger.encode());
    }
    assertThat(ledger.encode()).hasSize(8 + 300 * 40);
  }

  @Test
  void theLastPlaceForARefusalIsThatOfWhatIsPrepared() throws Exception {
    SessionId other = SessionId.ofBytes(HEX.parseHex("44".repeat(32)));
    KeyLedger<Secp256k1Point> ledger = KeyLedger.decode(GROUP, ledger(false, 0xfffd));
    KeyLedger<Secp256k1Point> full = ledger.refuse(other, 7);
    assertThat(full.refuse(other, 7)).isSameAs(full);
    Aborts.withoutBan(Reason.MISMATCH, Optional.empty(), () -> full.refuse(other, 8));
    SessionId next = SessionId.ofBytes(HEX.parseHex("55".repeat(32)));
    Aborts.withoutBan(Reason.REUSE, Optional.empty(), () -> full.refuse(next, 7));
    byte[] kept = full.prepare(prepared()).encode();
    assertThat(KeyLedger.decode(GROUP, kept).prepared()).isPresent();
    KeyLedger<Secp256k1Point> over = KeyLedger.decode(GROUP, ledger(false, 0xffff));
    Aborts.withoutBan(Reason.REUSE, Optional.empty(), () -> over.prepare(prepared()));
    assertThat(over.encode()).isEqualTo(ledger(false, 0xffff));
    Aborts.withoutBan(
        Reason.MALFORMED, Optional.empty(), () -> KeyLedger.decode(GROUP, ledger(true, 0xffff)));
  }

  @Test
  void aShareThatIsWipedIsNotPrepared() throws Exception {
    PreparedKey<Secp256k1Point> prepared = prepared();
    KeyLedger<Secp256k1Point> empty = KeyLedger.empty(GROUP, new Party(2));
    assertThat(empty.prepare(prepared).prepared()).isPresent();
    prepared.share().orElseThrow().close();
    Aborts.withoutBan(Reason.MISMATCH, Optional.empty(), () -> empty.prepare(prepared));
  }

  @Test
  void aNumberThatDoesNotFitIsNotWritten() {
    WireWriter out = new WireWriter(WireForm.KEY_LEDGER);
    for (int number : new int[] {-1, 256}) {
      assertThatIllegalArgumentException().isThrownBy(() -> out.u8(number));
    }
    for (int number : new int[] {-1, 65_536}) {
      assertThatIllegalArgumentException().isThrownBy(() -> out.u16(number));
    }
    assertThat(out.u8(255).u16(65_535).u64(-2).finish())
        .isEqualTo(HEX.parseHex("0a02" + "ff" + "ffff" + "fffffffffffffffe"));
  }

  @Test
  void closingAShareWipesIt() {
    EpochShare<Secp256k1Point> share = share();
    share.close();
    assertThat(share.share().secret().isZero()).isTrue();
  }
}
