package dev.countersign.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.FirstAnswer;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.ReplayDifference;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.cli.CommandException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReplayCommandTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  @Test
  void aDifferenceSaysWhatWasSaidAndWhatWouldBe() {
    assertThat(
            ReplayText.text(
                ReplayDifference.newBuilder()
                    .setRequest(
                        SigningRequest.newBuilder()
                            .setRequestId("order/7")
                            .setWallet("hot-1")
                            .setNativeTransfer(
                                NativeTransfer.newBuilder()
                                    .setTo("0xAA")
                                    .setAmount("1000000000000000000")))
                    .setClient("desk")
                    .setJudgeTime(Timestamp.newBuilder().setSeconds(NOON.getEpochSecond()))
                    .setBefore(FirstAnswer.FIRST_ANSWER_ALLOWED)
                    .setBeforeRule("pay")
                    .setAfter(FirstAnswer.FIRST_ANSWER_DENIED)
                    .setAfterRule("default-deny")
                    .setReason("no rule allows it")
                    .setFeesUnknown(true)
                    .build()))
        .isEqualTo(
            """
            2026-11-01T12:00:00Z allowed -> denied  order/7 by desk, transfer of 1 ether to 0xAA out of hot-1
              was pay
              is  default-deny: no rule allows it (as if gas cost nothing)\
            """);
  }

  @Test
  void readsHowLongAgo() {
    assertThat(Ago.parse("--since", "7d", NOON)).isEqualTo("2026-10-25T12:00:00Z");
    assertThat(Ago.parse("--since", "90m", NOON)).isEqualTo("2026-11-01T10:30:00Z");
    assertThat(Ago.parse("--since", "2026-10-01T00:00:00Z", NOON))
        .isEqualTo("2026-10-01T00:00:00Z");
    assertThatThrownBy(() -> Ago.parse("--since", "last week", NOON))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("expected 30m, 12h, 7d");
  }
}
