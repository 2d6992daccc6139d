package dev.countersign.nonce.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Digest32;
import dev.countersign.nonce.node.Receipt;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Digest32 HASH = Digest32.of(new byte[32]);
  private static final Receipt IN_BLOCK_10 = new Receipt(HASH, 10, HASH, true);

  @Test
  void whatIsInAFinalBlockHasEnded() {
    assertThat(Verdict.of(false, Optional.of(IN_BLOCK_10), 10))
        .isEqualTo(new Verdict.Ended(IN_BLOCK_10));
    assertThat(Verdict.of(true, Optional.of(IN_BLOCK_10), 11))
        .isEqualTo(new Verdict.Ended(IN_BLOCK_10));
  }

  @Test
  void whatIsAboveAllFinalBlocksIsMined() {
    assertThat(Verdict.of(false, Optional.of(IN_BLOCK_10), 9))
        .isEqualTo(new Verdict.Mined(IN_BLOCK_10));
    assertThat(Verdict.of(true, Optional.of(IN_BLOCK_10), -1))
        .isEqualTo(new Verdict.Mined(IN_BLOCK_10));
  }

  @Test
  void withoutAReceiptItWaitsOrWasUnmined() {
    assertThat(Verdict.of(false, Optional.empty(), 10)).isEqualTo(new Verdict.Waiting());
    assertThat(Verdict.of(true, Optional.empty(), 10)).isEqualTo(new Verdict.Unmined());
  }
}
