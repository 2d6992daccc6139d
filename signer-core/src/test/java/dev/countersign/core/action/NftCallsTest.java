package dev.countersign.core.action;

import static dev.countersign.core.action.Calls.ALICE;
import static dev.countersign.core.action.Calls.TOKEN;
import static dev.countersign.core.action.Calls.WALLET;
import static dev.countersign.core.action.Calls.action;
import static dev.countersign.core.action.Calls.actions;
import static dev.countersign.core.action.Calls.call;
import static dev.countersign.core.action.Calls.data;
import static dev.countersign.core.action.Calls.reason;
import static dev.countersign.core.action.Calls.units;
import static dev.countersign.core.action.Calls.unpack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.Deed.NftApproval;
import dev.countersign.core.action.Deed.NftTransfer;
import dev.countersign.core.model.Bytes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NftCallsTest {
  private static final Bytes HOOK = Bytes.fromHex("0x01");

  @Test
  void readsTransfersOfOneToken() {
    isTransfer(data("safeTransferFrom(address,address,uint256)", WALLET, ALICE, 42L), 1);
    isTransfer(
        data("safeTransferFrom(address,address,uint256,bytes)", WALLET, ALICE, 42L, HOOK), 1);
    isTransfer(
        data(
            "safeTransferFrom(address,address,uint256,uint256,bytes)",
            WALLET,
            ALICE,
            42L,
            3L,
            HOOK),
        3);
  }

  @Test
  void readsEachTransferOfABatch() {
    Bytes data = batch(List.of(42L, 43L), List.of(1L, 5L));
    assertThat(actions(unpack(TOKEN, data)))
        .containsExactly(
            action(WALLET, call(TOKEN, data)),
            action(WALLET, new NftTransfer(TOKEN, WALLET, ALICE, units(42), units(1)), 1),
            action(WALLET, new NftTransfer(TOKEN, WALLET, ALICE, units(43), units(5)), 2));
  }

  @Test
  void refusesABatchWithMoreTokensThanQuantities() {
    assertThat(reason(unpack(TOKEN, batch(List.of(42L, 43L), List.of(1L)))))
        .contains("2 and 1 items");
  }

  @Test
  void readsApprovalForAll() {
    for (boolean approved : new boolean[] {true, false}) {
      assertThat(actions(unpack(TOKEN, data("setApprovalForAll(address,bool)", ALICE, approved))))
          .containsExactly(
              action(WALLET, new NftApproval(TOKEN, WALLET, ALICE, Optional.empty(), approved)));
    }
  }

  private static Bytes batch(List<Long> ids, List<Long> quantities) {
    return data(
        "safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)",
        WALLET,
        ALICE,
        ids,
        quantities,
        HOOK);
  }

  private static void isTransfer(Bytes data, long quantity) {
    assertThat(actions(unpack(TOKEN, data)))
        .containsExactly(
            action(WALLET, new NftTransfer(TOKEN, WALLET, ALICE, units(42), units(quantity))));
  }
}
