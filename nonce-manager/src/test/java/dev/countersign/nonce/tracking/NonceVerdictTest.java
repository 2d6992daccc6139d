package dev.countersign.nonce.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.node.Agreement;
import dev.countersign.nonce.node.Receipt;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NonceVerdictTest {
  private static final Agreement<Optional<Receipt>> NONE = new Agreement.Agreed<>(Optional.empty());
  private static final Agreement<Optional<Receipt>> SPLIT = new Agreement.Split<>("two and two");

  @Test
  void theOneWithAReceiptDecides() {
    assertThat(judged(List.of(payload(0, false), payload(1, false)), List.of(NONE, mined())))
        .satisfies(
            judged -> {
              assertThat(judged.transaction().payload()).isEqualTo(1);
              assertThat(judged.verdict()).isInstanceOf(Verdict.Ended.class);
              assertThat(judged.unmined()).isEmpty();
            });
  }

  @Test
  void theOneBeforeItIsUnminedThen() {
    assertThat(judged(List.of(payload(0, false), payload(1, true)), List.of(mined(), NONE)))
        .satisfies(
            judged -> {
              assertThat(judged.transaction().payload()).isZero();
              assertThat(judged.unmined().orElseThrow().payload()).isEqualTo(1);
            });
  }

  @Test
  void withoutAnyReceiptTheOneThatWasMinedIsUnmined() {
    assertThat(judged(List.of(payload(0, true), payload(1, false)), List.of(NONE, NONE)))
        .satisfies(
            judged -> {
              assertThat(judged.verdict()).isInstanceOf(Verdict.Unmined.class);
              assertThat(judged.unmined().orElseThrow().payload()).isZero();
            });
  }

  @Test
  void nothingIsConcludedWhereNodesDoNotAgree() {
    assertThat(verdict(List.of(payload(0, true), payload(1, false)), List.of(NONE, SPLIT)))
        .isInstanceOf(NonceVerdict.Split.class);
    assertThat(verdict(List.of(payload(0, true), payload(1, false)), List.of(mined(), mined())))
        .isInstanceOf(NonceVerdict.Split.class);
  }

  @Test
  void theNewestWaits() {
    assertThat(verdict(List.of(payload(0, false), payload(1, false)), List.of(NONE, NONE)))
        .isEqualTo(new NonceVerdict.Waiting(payload(1, false)));
  }

  private static TrackedRows.Judged judged(
      List<Tracked> payloads, List<Agreement<Optional<Receipt>>> answers) {
    return ((NonceVerdict.News) verdict(payloads, answers)).judged();
  }

  private static NonceVerdict verdict(
      List<Tracked> payloads, List<Agreement<Optional<Receipt>>> answers) {
    return NonceVerdict.of(payloads, answers, 10);
  }

  private static Agreement<Optional<Receipt>> mined() {
    return new Agreement.Agreed<>(Optional.of(new Receipt(digest(9), 10, digest(8), true)));
  }

  private static Tracked payload(int ordinal, boolean mined) {
    return new Tracked(
        new SigningRequestId(new UUID(7, 7)),
        new Lane(ChainId.ofEip155(1), new Address("0x" + "11".repeat(20))),
        new Nonce(4),
        ordinal,
        ordinal == 0 ? PayloadPurpose.ORIGINAL : PayloadPurpose.SPEED_UP,
        digest(ordinal),
        mined);
  }

  private static Digest32 digest(int value) {
    return Digest32.fromHex("0x" + "%02x".formatted(value).repeat(32));
  }
}
