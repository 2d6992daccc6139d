package dev.countersign.core.action;

import static dev.countersign.core.action.Calls.ALICE;
import static dev.countersign.core.action.Calls.MALLORY;
import static dev.countersign.core.action.Calls.TOKEN;
import static dev.countersign.core.action.Calls.WALLET;
import static dev.countersign.core.action.Calls.WORD;
import static dev.countersign.core.action.Calls.action;
import static dev.countersign.core.action.Calls.actions;
import static dev.countersign.core.action.Calls.call;
import static dev.countersign.core.action.Calls.data;
import static dev.countersign.core.action.Calls.units;
import static dev.countersign.core.action.Calls.unpack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.Deed.NativeTransfer;
import dev.countersign.core.action.Deed.TokenApproval;
import dev.countersign.core.action.Deed.TokenTransfer;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class TokenCallsTest {
  private static final BigInteger MOST = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
  private static final Bytes SIGNATURE_WORD = Bytes.of(WORD);

  @Test
  void readsNoDataAsANativeTransfer() {
    assertThat(actions(unpack(ALICE, 7, Bytes.EMPTY)))
        .containsExactly(action(WALLET, new NativeTransfer(ALICE, Wei.of(7))));
  }

  @Test
  void readsAnUnknownFunctionAsACall() {
    Bytes unknown = Bytes.fromHex("0x12345678ff");
    assertThat(actions(unpack(TOKEN, 7, unknown)))
        .containsExactly(action(WALLET, call(TOKEN, 7, unknown)));
  }

  @Test
  void readsTransfers() {
    isTransfer(Calls.transfer(ALICE, 5), WALLET);
    isTransfer(data("transferFrom(address,address,uint256)", MALLORY, ALICE, 5L), MALLORY);
    for (String name : new String[] {"transferWithAuthorization", "receiveWithAuthorization"}) {
      String start = name + "(address,address,uint256,uint256,uint256,bytes32,";
      isTransfer(
          data(
              start + "uint8,bytes32,bytes32)",
              MALLORY,
              ALICE,
              5L,
              0L,
              9L,
              SIGNATURE_WORD,
              27L,
              SIGNATURE_WORD,
              SIGNATURE_WORD),
          MALLORY);
      isTransfer(
          data(start + "bytes)", MALLORY, ALICE, 5L, 0L, 9L, SIGNATURE_WORD, SIGNATURE_WORD),
          MALLORY);
    }
  }

  @Test
  void readsApprovals() {
    isApproval(data("approve(address,uint256)", ALICE, 5L), WALLET, units(5), false);
    isApproval(data("approve(address,uint256)", ALICE, MOST), WALLET, MOST, false);
    isApproval(data("increaseAllowance(address,uint256)", ALICE, 5L), WALLET, units(5), true);
    isApproval(data("decreaseAllowance(address,uint256)", ALICE, 5L), WALLET, units(0), true);
  }

  @Test
  void readsPermitsThatAreCalled() {
    isApproval(
        data(
            "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
            MALLORY,
            ALICE,
            5L,
            9L,
            27L,
            SIGNATURE_WORD,
            SIGNATURE_WORD),
        MALLORY,
        units(5),
        false);
    isApproval(daiPermit(true), MALLORY, MOST, false);
    isApproval(daiPermit(false), MALLORY, units(0), false);
  }

  @Test
  void putsATransferThatPaysBelowItsCall() {
    Bytes data = Calls.transfer(ALICE, 5);
    assertThat(actions(unpack(TOKEN, 1, data)))
        .containsExactly(
            action(WALLET, call(TOKEN, 1, data)),
            action(WALLET, new TokenTransfer(TOKEN, WALLET, ALICE, units(5)), 1));
  }

  private static Bytes daiPermit(boolean allowed) {
    return data(
        "permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)",
        MALLORY,
        ALICE,
        0L,
        9L,
        allowed,
        27L,
        SIGNATURE_WORD,
        SIGNATURE_WORD);
  }

  private static void isTransfer(Bytes data, Address owner) {
    assertThat(actions(unpack(TOKEN, data)))
        .containsExactly(action(WALLET, new TokenTransfer(TOKEN, owner, ALICE, units(5))));
  }

  private static void isApproval(Bytes data, Address owner, BigInteger amount, boolean added) {
    assertThat(actions(unpack(TOKEN, data)))
        .containsExactly(action(WALLET, new TokenApproval(TOKEN, owner, ALICE, amount, added)));
  }
}
