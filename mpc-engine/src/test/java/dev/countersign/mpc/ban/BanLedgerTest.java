package dev.countersign.mpc.ban;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.Ban.Cause;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.transcript.SessionId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BanLedgerTest {
  private static final SessionId SESSION = SessionId.ofBytes(new byte[32]);

  /// Public keys of RFC 8032 section 7.1, tests 1 and 2.
  private static final String FIRST =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  private static final String SECOND =
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

  private static final Ban BAN =
      new Ban(new Party(3), identity(FIRST), Cause.OBLIVIOUS_TRANSFER, SESSION);
  private static final Ban OTHER =
      new Ban(
          new Party(1),
          identity(SECOND),
          Cause.OPERATOR,
          SessionId.ofBytes(HexFormat.of().parseHex("ff".repeat(32))));

  private static PeerIdentity identity(String encoded) {
    return PeerIdentity.of(HexFormat.of().parseHex(encoded));
  }

  @Test
  void neitherAnotherNumberNorAnotherIdentityBringsAPartyBack() throws Exception {
    BanLedger bans = BanLedger.EMPTY.with(BAN);
    bans.admit(Map.of(new Party(1), identity(SECOND)));
    Aborts.withoutBan(
        Reason.BANNED,
        Optional.of(new Party(1)),
        () -> bans.admit(Map.of(new Party(1), identity(FIRST))));
    Aborts.withoutBan(
        Reason.BANNED,
        Optional.of(new Party(3)),
        () -> bans.admit(Map.of(new Party(3), identity(SECOND))));
    Ban second = new Ban(BAN.party(), identity(SECOND), Cause.OPERATOR, SESSION);
    BanLedger both = bans.with(second);
    assertThat(both.of(identity(FIRST))).hasValue(BAN);
    assertThat(both.of(identity(SECOND))).hasValue(second);
    assertThat(BanLedger.decode(both.encode())).isEqualTo(both);
  }

  @Test
  void whoIsBannedIsNotAdmitted() throws Exception {
    BanLedger bans = BanLedger.EMPTY.with(BAN);
    bans.admit(Party.first(2));
    BanLedger.EMPTY.admit(Party.first(3));
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(() -> bans.admit(Party.first(3)))
        .satisfies(
            abort -> {
              assertThat(abort.reason()).isEqualTo(Reason.BANNED);
              assertThat(abort.culprit()).hasValue(new Party(3));
              assertThat(abort).hasMessageContaining("OBLIVIOUS_TRANSFER");
            });
  }

  @Test
  void theFirstBanStays() {
    Ban later = new Ban(BAN.party(), BAN.identity(), Cause.OPERATOR, OTHER.since());
    assertThat(BanLedger.EMPTY.with(BAN).with(later).of(BAN.party())).hasValue(BAN);
  }

  @Test
  void bansSurviveBeingStored() throws Exception {
    BanLedger bans = BanLedger.EMPTY.with(BAN).with(OTHER);
    assertThat(BanLedger.decode(bans.encode())).isEqualTo(bans);
    assertThat(BanLedger.decode(BanLedger.EMPTY.encode())).isEqualTo(BanLedger.EMPTY);
  }

  @Test
  void goldenBytes() {
    assertThat(HexFormat.of().formatHex(BanLedger.EMPTY.with(BAN).with(OTHER).encode()))
        .isEqualTo(
            "0e02"
                + "0002"
                + ("01" + SECOND + "04" + "ff".repeat(32))
                + ("03" + FIRST + "01" + "00".repeat(32)));
  }

  @Test
  void whatIsNotALedgerIsRefused() {
    String since = "00".repeat(32);
    String ban = "03" + FIRST + "01" + since;
    String good = "0e02" + "0001" + ban;
    for (String bad :
        List.of(
            "",
            "0e",
            "0d02" + good.substring(4),
            "0e01" + good.substring(4),
            good + "00",
            good.substring(2),
            "0e02" + "0001" + "00" + FIRST + "01" + since,
            "0e02" + "0001" + "0a" + FIRST + "01" + since,
            "0e02" + "0001" + "03" + since + "01" + since,
            "0e02" + "0001" + "03" + FIRST + "05" + since,
            "0e02" + "0002" + ban + ban)) {
      assertThatExceptionOfType(ProtocolAbortException.class)
          .isThrownBy(() -> BanLedger.decode(HexFormat.of().parseHex(bad)))
          .satisfies(abort -> assertThat(abort.reason()).isEqualTo(Reason.MALFORMED));
    }
  }
}
