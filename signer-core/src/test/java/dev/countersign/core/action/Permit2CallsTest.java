package dev.countersign.core.action;

import static dev.countersign.core.action.Calls.ALICE;
import static dev.countersign.core.action.Calls.CONTRACT;
import static dev.countersign.core.action.Calls.MALLORY;
import static dev.countersign.core.action.Calls.TOKEN;
import static dev.countersign.core.action.Calls.WALLET;
import static dev.countersign.core.action.Calls.action;
import static dev.countersign.core.action.Calls.actions;
import static dev.countersign.core.action.Calls.call;
import static dev.countersign.core.action.Calls.data;
import static dev.countersign.core.action.Calls.reason;
import static dev.countersign.core.action.Calls.units;
import static dev.countersign.core.action.Calls.unpack;
import static dev.countersign.core.action.Permit2Functions.PERMIT2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.Deed.TokenApproval;
import dev.countersign.core.action.Deed.TokenTransfer;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class Permit2CallsTest {
  private static final String PERMIT = "((address,uint160,uint48,uint48),address,uint256),bytes)";
  private static final Bytes SIGNATURE = Bytes.fromHex("0x0102");
  private static final TokenApproval APPROVAL = approval(TOKEN, 5);
  private static final TokenTransfer TRANSFER = new TokenTransfer(TOKEN, MALLORY, ALICE, units(5));

  @Test
  void readsOneDeedAsThatDeed() {
    is(
        data("approve(address,address,uint160,uint48)", TOKEN, ALICE, 5L, 9L),
        new TokenApproval(TOKEN, WALLET, ALICE, units(5), false));
    is(data("transferFrom(address,address,uint160,address)", MALLORY, ALICE, 5L, TOKEN), TRANSFER);
    is(
        data("permit(address," + PERMIT, MALLORY, List.of(details(TOKEN, 5), ALICE, 9L), SIGNATURE),
        APPROVAL);
    is(
        data(
            "permitTransferFrom(((address,uint256),uint256,uint256),(address,uint256),address,bytes)",
            List.of(List.of(TOKEN, 100L), 0L, 9L),
            List.of(ALICE, 5L),
            MALLORY,
            SIGNATURE),
        TRANSFER);
    is(
        data(
            "permitWitnessTransferFrom(((address,uint256),uint256,uint256),(address,uint256),address,bytes32,string,bytes)",
            List.of(List.of(TOKEN, 100L), 0L, 9L),
            List.of(ALICE, 5L),
            MALLORY,
            Calls.word(1),
            "Order witness)Order(uint256 x)",
            SIGNATURE),
        TRANSFER);
  }

  @Test
  void readsEachDeedOfABatch() {
    Address other = CONTRACT;
    holds(
        data(
            "transferFrom((address,address,uint160,address)[])",
            List.of(List.of(MALLORY, ALICE, 5L, TOKEN), List.of(MALLORY, ALICE, 5L, TOKEN))),
        TRANSFER,
        TRANSFER);
    holds(
        data(
            "permit(address," + PERMIT.replace("uint48)", "uint48)[]"),
            MALLORY,
            List.of(List.of(details(TOKEN, 5), details(other, 6)), ALICE, 9L),
            SIGNATURE),
        APPROVAL,
        approval(other, 6));
    holds(batchBySignature(List.of(List.of(ALICE, 5L), List.of(ALICE, 5L))), TRANSFER, TRANSFER);
    holds(
        data("lockdown((address,address)[])", List.of(List.of(TOKEN, ALICE))),
        new TokenApproval(TOKEN, WALLET, ALICE, units(0), false));
    holds(data("invalidateNonces(address,address,uint48)", TOKEN, ALICE, 1L));
  }

  @Test
  void refusesABatchWithFewerTransfersThanPermissions() {
    assertThat(reason(unpack(PERMIT2, batchBySignature(List.of(List.of(ALICE, 5L))))))
        .contains("2 and 1 items");
  }

  @Test
  void keepsTheCallWhereAnotherContractIsCalled() {
    Bytes data = data("approve(address,address,uint160,uint48)", TOKEN, ALICE, 5L, 9L);
    assertThat(actions(unpack(CONTRACT, data)))
        .containsExactly(
            action(WALLET, call(CONTRACT, data)),
            action(WALLET, new TokenApproval(TOKEN, WALLET, ALICE, units(5), false), 1));
  }

  private static Bytes batchBySignature(List<Object> details) {
    return data(
        "permitTransferFrom(((address,uint256)[],uint256,uint256),(address,uint256)[],address,bytes)",
        List.of(List.of(List.of(TOKEN, 100L), List.of(TOKEN, 100L)), 0L, 9L),
        details,
        MALLORY,
        SIGNATURE);
  }

  private static List<Object> details(Address token, long amount) {
    return List.of(token, amount, 9L, 0L);
  }

  private static TokenApproval approval(Address token, long amount) {
    return new TokenApproval(token, MALLORY, ALICE, units(amount), false);
  }

  private static void is(Bytes data, Deed deed) {
    assertThat(actions(unpack(PERMIT2, data))).containsExactly(action(WALLET, deed));
  }

  private static void holds(Bytes data, Deed... deeds) {
    Action[] expected = new Action[deeds.length + 1];
    expected[0] = action(WALLET, call(PERMIT2, data));
    for (int i = 0; i < deeds.length; i++) {
      expected[i + 1] = action(WALLET, deeds[i], i + 1);
    }
    assertThat(actions(unpack(PERMIT2, data))).containsExactly(expected);
  }
}
