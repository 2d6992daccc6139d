package dev.countersign.core.action;

import static dev.countersign.core.action.Calls.ALICE;
import static dev.countersign.core.action.Calls.CONTRACT;
import static dev.countersign.core.action.Calls.MULTICALL3;
import static dev.countersign.core.action.Calls.TOKEN;
import static dev.countersign.core.action.Calls.WALLET;
import static dev.countersign.core.action.Calls.action;
import static dev.countersign.core.action.Calls.actions;
import static dev.countersign.core.action.Calls.call;
import static dev.countersign.core.action.Calls.concat;
import static dev.countersign.core.action.Calls.data;
import static dev.countersign.core.action.Calls.reason;
import static dev.countersign.core.action.Calls.transfer;
import static dev.countersign.core.action.Calls.units;
import static dev.countersign.core.action.Calls.unpack;
import static dev.countersign.core.action.Calls.word;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.Deed.DelegateCall;
import dev.countersign.core.action.Deed.NativeTransfer;
import dev.countersign.core.action.Deed.ProxyUpgrade;
import dev.countersign.core.action.Deed.TokenTransfer;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each carrier with a token transfer in it, and with value where it can carry some.
class CarrierCallsTest {
  private static final Bytes INNER = transfer(ALICE, 5);
  private static final Bytes SALT = word(0);

  @Test
  void readsMulticallAsTheCallerOnTheSameContract() {
    List<Bytes> calls = List.of(INNER);
    for (Bytes data :
        List.of(
            Calls.multicall(calls),
            data("multicall(uint256,bytes[])", 9L, calls),
            data("multicall(bytes32,bytes[])", SALT, calls))) {
      assertThat(actions(unpack(TOKEN, 3, data)))
          .containsExactly(action(WALLET, call(TOKEN, 3, data)), action(WALLET, sent(WALLET), 1));
    }
  }

  @Test
  void readsMulticall3AsCallsOfItsOwn() {
    List<Object> call = List.of(TOKEN, INNER);
    for (Bytes data :
        List.of(
            data("aggregate((address,bytes)[])", List.of(call)),
            data("blockAndAggregate((address,bytes)[])", List.of(call)),
            data("tryAggregate(bool,(address,bytes)[])", false, List.of(call)),
            data("tryBlockAndAggregate(bool,(address,bytes)[])", true, List.of(call)),
            data("aggregate3((address,bool,bytes)[])", List.of(List.of(TOKEN, true, INNER))))) {
      carries(MULTICALL3, data, action(MULTICALL3, sent(MULTICALL3), 1));
    }
  }

  @Test
  void readsTheValueOfEachCallOfMulticall3() {
    Bytes data =
        data(
            "aggregate3Value((address,bool,uint256,bytes)[])",
            List.of(List.of(ALICE, true, 7L, Bytes.EMPTY), List.of(TOKEN, false, 1L, INNER)));
    carries(
        MULTICALL3,
        data,
        action(MULTICALL3, new NativeTransfer(ALICE, Wei.of(7)), 1),
        action(MULTICALL3, call(TOKEN, 1, INNER), 2),
        action(MULTICALL3, sent(MULTICALL3), 2, 1));
  }

  @Test
  void readsAccountsThatExecute() {
    Action pays = action(CONTRACT, new NativeTransfer(ALICE, Wei.of(7)), 1);
    Action sends = action(CONTRACT, sent(CONTRACT), 1);
    carries(CONTRACT, data("execute(address,uint256,bytes)", ALICE, 7L, Bytes.EMPTY), pays);
    carries(CONTRACT, data("execute(address,uint256,bytes)", TOKEN, 0L, INNER), sends);
    carries(
        CONTRACT,
        data(
            "executeBatch(address[],uint256[],bytes[])",
            List.of(ALICE, TOKEN),
            List.of(7L, 0L),
            List.of(Bytes.EMPTY, INNER)),
        pays,
        action(CONTRACT, sent(CONTRACT), 2));
    carries(
        CONTRACT,
        data(
            "executeBatch(address[],uint256[],bytes[])", List.of(TOKEN), List.of(), List.of(INNER)),
        sends);
    carries(
        CONTRACT, data("executeBatch(address[],bytes[])", List.of(TOKEN), List.of(INNER)), sends);
    carries(
        CONTRACT,
        data("executeBatch((address,uint256,bytes)[])", List.of(List.of(ALICE, 7L, Bytes.EMPTY))),
        pays);
    carries(
        CONTRACT,
        data("execute(address,bytes)", ALICE, INNER),
        action(CONTRACT, new DelegateCall(ALICE, INNER), 1));
  }

  @Test
  void readsTheModesOfErc7579() {
    for (String function :
        List.of("execute(bytes32,bytes)", "executeFromExecutor(bytes32,bytes)")) {
      carries(
          CONTRACT,
          data(function, mode("0000"), concat(TOKEN.bytes(), word(0), INNER)),
          action(CONTRACT, sent(CONTRACT), 1));
      carries(
          CONTRACT,
          data(function, mode("0001"), concat(ALICE.bytes(), word(7))),
          action(CONTRACT, new NativeTransfer(ALICE, Wei.of(7)), 1));
      Bytes batch = data("f((address,uint256,bytes)[])", List.of(List.of(TOKEN, 0L, INNER)));
      carries(
          CONTRACT,
          data(function, mode("0100"), batch.slice(4, batch.size())),
          action(CONTRACT, sent(CONTRACT), 1));
      carries(
          CONTRACT,
          data(function, mode("ff00"), concat(ALICE.bytes(), INNER)),
          action(CONTRACT, new DelegateCall(ALICE, INNER), 1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fe00, call type",
    "0200, call type",
    "0002, execution type",
    "01000000000078210001, no extension"
  })
  void refusesAModeItDoesNotKnow(String mode, String reason) {
    Bytes data = data("execute(bytes32,bytes)", mode(mode), concat(TOKEN.bytes(), word(0), INNER));
    assertThat(reason(unpack(CONTRACT, data))).contains(reason);
  }

  @Test
  void readsTimelocksAtOnce() {
    Action sends = action(CONTRACT, sent(CONTRACT), 1);
    carries(
        CONTRACT,
        data(
            "schedule(address,uint256,bytes,bytes32,bytes32,uint256)",
            TOKEN,
            0L,
            INNER,
            SALT,
            SALT,
            9L),
        sends);
    carries(
        CONTRACT,
        data("execute(address,uint256,bytes,bytes32,bytes32)", TOKEN, 0L, INNER, SALT, SALT),
        sends);
    carries(
        CONTRACT,
        data(
            "scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)",
            List.of(TOKEN),
            List.of(0L),
            List.of(INNER),
            SALT,
            SALT,
            9L),
        sends);
    carries(
        CONTRACT,
        data(
            "executeBatch(address[],uint256[],bytes[],bytes32,bytes32)",
            List.of(TOKEN),
            List.of(0L),
            List.of(INNER),
            SALT,
            SALT),
        sends);
  }

  @Test
  void readsUpgrades() {
    Bytes bare = data("upgradeTo(address)", ALICE);
    Bytes withCall = data("upgradeToAndCall(address,bytes)", ALICE, INNER);
    ProxyUpgrade upgrade = new ProxyUpgrade(CONTRACT, ALICE);
    DelegateCall initialisation = new DelegateCall(ALICE, INNER);
    assertThat(actions(unpack(CONTRACT, bare))).containsExactly(action(WALLET, upgrade));
    assertThat(actions(unpack(CONTRACT, withCall)))
        .containsExactly(action(WALLET, upgrade), action(CONTRACT, initialisation, 1));
    assertThat(actions(unpack(CONTRACT, 1, withCall)))
        .containsExactly(
            action(WALLET, call(CONTRACT, 1, withCall)),
            action(WALLET, upgrade, 1),
            action(CONTRACT, initialisation, 1, 1));
  }

  @Test
  void readsUpgradesByAnAdmin() {
    ProxyUpgrade upgrade = new ProxyUpgrade(TOKEN, ALICE);
    carries(CONTRACT, data("upgrade(address,address)", TOKEN, ALICE), action(CONTRACT, upgrade, 1));
    carries(
        CONTRACT,
        data("upgradeAndCall(address,address,bytes)", TOKEN, ALICE, INNER),
        action(CONTRACT, upgrade, 1),
        action(TOKEN, new DelegateCall(ALICE, INNER), 2));
  }

  private static Bytes mode(String start) {
    return Bytes.fromHex("0x" + start + "0".repeat(64 - start.length()));
  }

  private static TokenTransfer sent(Address owner) {
    return new TokenTransfer(TOKEN, owner, ALICE, units(5));
  }

  private static void carries(Address to, Bytes data, Action... within) {
    List<Action> actions = actions(unpack(to, data));
    assertThat(actions.getFirst()).isEqualTo(action(WALLET, call(to, data)));
    assertThat(actions.subList(1, actions.size())).containsExactly(within);
  }
}
