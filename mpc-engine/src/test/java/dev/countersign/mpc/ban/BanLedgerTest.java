package dev.countersign.mpc.ban;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.Ban.Cause;
import dev.countersign.mpc.transcript.SessionId;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class BanLedgerTest {
  private static final SessionId SESSION = SessionId.ofBytes(new byte[32]);
  private static final Ban BAN = new Ban(new Party(3), Cause.OBLIVIOUS_TRANSFER, SESSION);
  private static final Ban OTHER =
      new Ban(
          new Party(1),
          Cause.OPERATOR,
          SessionId.ofBytes(HexFormat.of().parseHex("ff".repeat(32))));

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
    Ban later = new Ban(BAN.party(), Cause.OPERATOR, OTHER.since());
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
        .isEqualTo("0e01" + "02" + "0104" + "ff".repeat(32) + "0301" + "00".repeat(32));
  }

  @Test
  void whatIsNotALedgerIsRefused() {
    String good = "0e01" + "01" + "0301" + "00".repeat(32);
    for (String bad :
        List.of(
            "",
            "0e",
            "0d01" + good.substring(4),
            "0e02" + good.substring(4),
            good + "00",
            good.substring(2),
            "0e01" + "01" + "0001" + "00".repeat(32),
            "0e01" + "01" + "0a01" + "00".repeat(32),
            "0e01" + "01" + "0300" + "00".repeat(32),
            "0e01" + "01" + "0305" + "00".repeat(32),
            "0e01" + "02" + ("0301" + "00".repeat(32)).repeat(2))) {
      assertThatExceptionOfType(ProtocolAbortException.class)
          .isThrownBy(() -> BanLedger.decode(HexFormat.of().parseHex(bad)))
          .satisfies(abort -> assertThat(abort.reason()).isEqualTo(Reason.MALFORMED));
    }
  }
}
