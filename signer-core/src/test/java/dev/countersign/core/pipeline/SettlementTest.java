package dev.countersign.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.pipeline.Settlement.Result;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Two signers of one request, of whom one is slow.
class SettlementTest {
  private static final Wallet HOT = AdmittedRequests.wallet(new WalletId("hot"));
  private final MemoryRequests requests = new MemoryRequests();
  private final MemoryLimitsAndNonces ledgers = new MemoryLimitsAndNonces();
  private final MemoryFreezes freezes = new MemoryFreezes();
  private final List<AuditRecord> audit = new ArrayList<>();
  private final Settlement settlement =
      new Settlement(
          requests,
          requests,
          ledgers,
          freezes,
          ledgers,
          (transaction, records) -> audit.addAll(records),
          () -> AdmittedRequests.NOON);
  private final SigningRequest request = AdmittedRequests.of("hot", 1);
  private final SigningRequest other = AdmittedRequests.of("hot", 2);
  private final SignedTransaction bytes = new SignedTransaction(Bytes.fromHex("0x02c101"));

  SettlementTest() {
    requests.add(request);
    requests.add(other);
  }

  @Test
  void aFailureThatComesAfterTheSignatureGetsTheSignedRequest() {
    settlement.settle(List.of(new Result.Signed(request, HOT, bytes)));

    List<SigningRequest> settled =
        settlement.settle(
            List.of(new Result.Failed(request, "no key"), new Result.Failed(other, "no key")));

    assertThat(settled.getFirst().state()).isEqualTo(RequestState.SIGNED);
    assertThat(settled.getFirst().transactionHash()).contains(bytes.hash());
    assertThat(settled.getLast().state()).isEqualTo(RequestState.FAILED);
    assertThat(ledgers.released).containsExactly(other.id());
    assertThat(audit).hasSize(2);
  }

  @Test
  void aSignatureThatComesAfterTheFailureIsDropped() {
    settlement.settle(List.of(new Result.Failed(request, "no key")));

    assertThat(
            settlement.settle(List.of(new Result.Signed(request, HOT, bytes))).getFirst().state())
        .isEqualTo(RequestState.FAILED);
    assertThat(ledgers.signed).isEmpty();
  }

  @Test
  void ofTwoSignersInOneBatchTheSignatureCountsAndBothHearOfIt() {
    var another = new SignedTransaction(Bytes.fromHex("0x02c102"));

    List<SigningRequest> settled =
        settlement.settle(
            List.of(
                new Result.Failed(request, "no key"),
                new Result.Signed(request, HOT, bytes),
                new Result.Signed(request, HOT, another)));

    assertThat(settled)
        .hasSize(3)
        .allSatisfy(
            one -> {
              assertThat(one.state()).isEqualTo(RequestState.SIGNED);
              assertThat(one.transactionHash()).isEqualTo(Optional.of(bytes.hash()));
            });
    assertThat(ledgers.signed).containsOnlyKeys(request.id()).containsValue(bytes);
    assertThat(ledgers.released).isEmpty();
    assertThat(audit).hasSize(1);
  }

  @Test
  void aSignatureThatAFreezeOvertookIsDroppedAndMadeAgainAfterTheThaw() {
    freezes.freezeUnknown("chain:eip155:31337");

    List<SigningRequest> settled =
        settlement.settle(
            List.of(new Result.Signed(request, HOT, bytes), new Result.Failed(other, "no key")));

    assertThat(settled.getFirst().state()).isEqualTo(RequestState.ADMITTED);
    assertThat(settled.getLast().state()).isEqualTo(RequestState.FAILED);
    assertThat(ledgers.signed).isEmpty();
    assertThat(audit).hasSize(1);

    freezes.thaw();
    assertThat(
            settlement.settle(List.of(new Result.Signed(request, HOT, bytes))).getFirst().state())
        .isEqualTo(RequestState.SIGNED);
  }
}
