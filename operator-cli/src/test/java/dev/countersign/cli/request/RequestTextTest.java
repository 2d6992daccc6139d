package dev.countersign.cli.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.api.v1.Decision;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.PrivateRelay;
import dev.countersign.api.v1.RuleOutcome;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.TransactionAttempt;
import dev.countersign.api.v1.UnmetCriterion;
import dev.countersign.cli.ExitCode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTextTest {
  private static final SigningRequest DENIED =
      SigningRequest.newBuilder()
          .setId("0198a5f2-0000-7000-8000-000000000001")
          .setRequestId("mine")
          .setWallet("hot-1")
          .setChain("eip155:31337")
          .setNativeTransfer(
              NativeTransfer.newBuilder().setTo("0xabc").setAmount("250000000000000000"))
          .setState(SigningRequest.State.STATE_DENIED)
          .setDecision(
              Decision.newBuilder()
                  .setPolicyVersion(1)
                  .setRule("default-deny")
                  .setReason("no rule allows it")
                  .addOutcomes(
                      RuleOutcome.newBuilder()
                          .setRule("desk-transfers")
                          .setUnmet(
                              UnmetCriterion.newBuilder()
                                  .setCriterion("destination")
                                  .setExpected("one of counterparties")
                                  .setObserved("0xabc"))))
          .build();

  @Test
  void aDenialNamesItsRuleAndTheFirstUnmetCriterion() {
    assertThat(String.join("\n", RequestText.describe(DENIED)))
        .isEqualTo(
            """
            request      0198a5f2-0000-7000-8000-000000000001
            request id   mine
            state        DENIED
            wallet       hot-1 on eip155:31337
            asks for     transfer of 0.25 ether to 0xabc
            policy       version 1, rule default-deny
            reason       no rule allows it
            unmet        desk-transfers: destination expected one of counterparties, observed 0xabc\
            """);
  }

  @Test
  void aReplacedTransactionIsShownWithAllItsAttempts() {
    var replaced =
        DENIED.toBuilder()
            .clearDecision()
            .setState(SigningRequest.State.STATE_CANCELLED)
            .addAttempts(
                TransactionAttempt.newBuilder()
                    .setHash("0x0a")
                    .setPurpose(TransactionAttempt.Purpose.PURPOSE_ORIGINAL)
                    .setMaxFeePerGas("30")
                    .setMaxPriorityFeePerGas("1"))
            .addAttempts(
                TransactionAttempt.newBuilder()
                    .setHash("0x0b")
                    .setPurpose(TransactionAttempt.Purpose.PURPOSE_CANCELLATION)
                    .setMaxFeePerGas("33")
                    .setMaxPriorityFeePerGas("2")
                    .setMined(true))
            .build();
    assertThat(RequestText.describe(replaced))
        .contains(
            "attempt      0x0a, original, at most 30 wei per gas, tip 1",
            "attempt      0x0b, cancellation, at most 33 wei per gas, tip 2, mined");
  }

  @Test
  void whatGoesByAPrivateRelayIsShownSo() {
    var hidden = PrivateRelay.newBuilder();
    assertThat(relayed(hidden))
        .contains("relay        private, not given to the relay yet, never public");
    assertThat(relayed(hidden.setSinceBlock(100).setPublicAfterBlocks(25)))
        .contains("relay        private since block 100, public after 25 blocks");
    assertThat(relayed(hidden.setPublicAtBlock(126)))
        .contains("relay        private since block 100, public since block 126");
  }

  private static List<String> relayed(PrivateRelay.Builder relay) {
    return RequestText.describe(DENIED.toBuilder().setPrivateRelay(relay).build());
  }

  @Test
  void scriptsSeeAllBadEndsInTheExitCode() {
    assertThat(RequestText.exitCode(DENIED)).isEqualTo(ExitCode.NO);
    var good =
        Arrays.stream(SigningRequest.State.values())
            .filter(state -> state != SigningRequest.State.UNRECOGNIZED)
            .filter(
                state ->
                    RequestText.exitCode(DENIED.toBuilder().setState(state).build()) == ExitCode.OK)
            .map(RequestText::state);
    assertThat(good)
        .containsExactly(
            "UNSPECIFIED",
            "RECEIVED",
            "PENDING_APPROVAL",
            "TIME_LOCKED",
            "ADMITTED",
            "SIGNED",
            "BROADCAST",
            "CONFIRMED");
  }
}
