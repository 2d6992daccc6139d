package dev.countersign.core.action;

import static dev.countersign.core.action.Calls.ALICE;
import static dev.countersign.core.action.Calls.MULTI_SEND;
import static dev.countersign.core.action.Calls.SAFE;
import static dev.countersign.core.action.Calls.TOKEN;
import static dev.countersign.core.action.Calls.WALLET;
import static dev.countersign.core.action.Calls.ZERO;
import static dev.countersign.core.action.Calls.action;
import static dev.countersign.core.action.Calls.actions;
import static dev.countersign.core.action.Calls.call;
import static dev.countersign.core.action.Calls.concat;
import static dev.countersign.core.action.Calls.data;
import static dev.countersign.core.action.Calls.execTransaction;
import static dev.countersign.core.action.Calls.multiSend;
import static dev.countersign.core.action.Calls.packed;
import static dev.countersign.core.action.Calls.reason;
import static dev.countersign.core.action.Calls.transfer;
import static dev.countersign.core.action.Calls.units;
import static dev.countersign.core.action.Calls.unpack;
import static dev.countersign.core.action.Calls.word;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.Deed.DelegateCall;
import dev.countersign.core.action.Deed.NativeTransfer;
import dev.countersign.core.action.Deed.RawDigest;
import dev.countersign.core.action.Deed.TokenTransfer;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Wei;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeCallsTest {
  private static final String EXECUTE =
      "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)";
  private static final Bytes INNER = transfer(ALICE, 5);

  @Test
  void readsATransactionAsTheSafes() {
    Bytes data = execTransaction(TOKEN, 0, INNER, 0);
    assertThat(actions(unpack(SAFE, data)))
        .containsExactly(action(WALLET, call(SAFE, data)), action(SAFE, sent(SAFE), 1));
  }

  @Test
  void readsADelegateCallAsOne() {
    Bytes data = execTransaction(ALICE, 0, INNER, 1);
    assertThat(actions(unpack(SAFE, data)))
        .containsExactly(
            action(WALLET, call(SAFE, data)), action(SAFE, new DelegateCall(ALICE, INNER), 1));
  }

  @Test
  void readsWhatMultiSendDoesForTheSafe() {
    Bytes many =
        multiSend(
            packed(0, ALICE, 7, Bytes.EMPTY),
            packed(0, TOKEN, 0, INNER),
            packed(1, ALICE, 0, INNER));
    Bytes data = execTransaction(MULTI_SEND, 0, many, 1);
    assertThat(actions(unpack(SAFE, data)))
        .containsExactly(
            action(WALLET, call(SAFE, data)),
            action(SAFE, new DelegateCall(MULTI_SEND, many), 1),
            action(SAFE, new NativeTransfer(ALICE, Wei.of(7)), 1, 1),
            action(SAFE, sent(SAFE), 1, 2),
            action(SAFE, new DelegateCall(ALICE, INNER), 1, 3));
  }

  @Test
  void readsWhatMultiSendDoesForItself() {
    Bytes data = multiSend(packed(0, TOKEN, 0, INNER));
    assertThat(actions(unpack(MULTI_SEND, data)))
        .containsExactly(
            action(WALLET, call(MULTI_SEND, data)), action(MULTI_SEND, sent(MULTI_SEND), 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"execTransactionFromModule", "execTransactionFromModuleReturnData"})
  void readsATransactionOfAModule(String name) {
    Bytes data = data(name + "(address,uint256,bytes,uint8)", TOKEN, 0L, INNER, 0L);
    assertThat(actions(unpack(SAFE, data)))
        .containsExactly(action(WALLET, call(SAFE, data)), action(SAFE, sent(SAFE), 1));
  }

  @Test
  void readsAnApprovedHashAsADigest() {
    Bytes data = data("approveHash(bytes32)", word(9));
    assertThat(actions(unpack(SAFE, data)))
        .containsExactly(
            action(WALLET, call(SAFE, data)),
            action(WALLET, new RawDigest(new Digest32(word(9))), 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 255})
  void refusesAnOperationItDoesNotKnow(int operation) {
    assertThat(reason(unpack(SAFE, execTransaction(TOKEN, 0, INNER, operation))))
        .contains("Safe operation", String.valueOf(operation));
    assertThat(reason(unpack(MULTI_SEND, multiSend(packed(operation, TOKEN, 0, INNER)))))
        .contains("Safe operation", String.valueOf(operation));
  }

  @Test
  void refusesAGasRefund() {
    refusesRefund(1, ZERO, ZERO);
    refusesRefund(0, TOKEN, ZERO);
    refusesRefund(0, ZERO, ALICE);
  }

  @Test
  void refusesPackedTransactionsThatDoNotAddUp() {
    Bytes right = packed(0, TOKEN, 0, INNER);
    assertThat(reason(unpack(MULTI_SEND, multiSend(right, Bytes.of(new byte[84])))))
        .contains("85 bytes or more");
    assertThat(reason(unpack(MULTI_SEND, multiSend(right.slice(0, right.size() - 1)))))
        .contains("68 bytes of data, got 67");
    Bytes huge = concat(right.slice(0, 53), Bytes.fromHex("0x" + "ff".repeat(32)), INNER);
    assertThat(reason(unpack(MULTI_SEND, multiSend(huge)))).contains("got 68");
    assertThat(reason(unpack(MULTI_SEND, multiSend(packed(0, ZERO, 0, INNER)))))
        .contains("zero address");
  }

  @Test
  void readsNoTransactionsAsTheCallAlone() {
    assertThat(actions(unpack(MULTI_SEND, multiSend())))
        .containsExactly(action(WALLET, call(MULTI_SEND, multiSend())));
  }

  private static void refusesRefund(long gasPrice, Address gasToken, Address receiver) {
    Bytes data =
        data(EXECUTE, TOKEN, 0L, INNER, 0L, 0L, 0L, gasPrice, gasToken, receiver, Bytes.EMPTY);
    assertThat(reason(unpack(SAFE, data))).contains("no gas refund");
  }

  private static TokenTransfer sent(Address owner) {
    return new TokenTransfer(TOKEN, owner, ALICE, units(5));
  }
}
