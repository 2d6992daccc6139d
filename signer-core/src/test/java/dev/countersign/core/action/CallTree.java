package dev.countersign.core.action;

import static dev.countersign.core.action.Calls.MULTI_SEND;
import static dev.countersign.core.action.Calls.data;

import dev.countersign.core.action.Deed.ContractCall;
import dev.countersign.core.action.Deed.DelegateCall;
import dev.countersign.core.action.Deed.NativeTransfer;
import dev.countersign.core.action.Deed.TokenTransfer;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// A call to be encoded, together with the actions that must come of it.
sealed interface CallTree {
  Address to();

  long value();

  Bytes encode();

  /// @param account who makes the call
  void list(List<Integer> path, Address account, List<Action> actions);

  record Pays(Address to, long value) implements CallTree {
    @Override
    public Bytes encode() {
      return Bytes.EMPTY;
    }

    @Override
    public void list(List<Integer> path, Address account, List<Action> actions) {
      actions.add(new Action(path, account, new NativeTransfer(to, Wei.of(value))));
    }
  }

  /// An ERC-20 transfer.
  record Sends(Address to, long value, Address payee, BigInteger amount) implements CallTree {
    @Override
    public Bytes encode() {
      return data("transfer(address,uint256)", payee, amount);
    }

    @Override
    public void list(List<Integer> path, Address account, List<Action> actions) {
      List<Integer> at = path;
      if (value > 0) {
        actions.add(new Action(path, account, new ContractCall(to, Wei.of(value), encode())));
        at = below(path, 1);
      }
      actions.add(new Action(at, account, new TokenTransfer(to, account, payee, amount)));
    }
  }

  /// A function nobody knows.
  record Unknown(Address to, long value, Bytes arguments) implements CallTree {
    @Override
    public Bytes encode() {
      return Calls.concat(Bytes.fromHex("0xdeadbeef"), arguments);
    }

    @Override
    public void list(List<Integer> path, Address account, List<Action> actions) {
      actions.add(new Action(path, account, new ContractCall(to, Wei.of(value), encode())));
    }
  }

  enum Carrier {
    MULTICALL,
    AGGREGATE_3_VALUE,
    EXECUTE,
    EXECUTE_BATCH,
    SAFE,
    SAFE_MULTI_SEND,
    TIMELOCK
  }

  /// Calls within a call.
  record Carries(Carrier carrier, Address to, long value, List<CallTree> inner)
      implements CallTree {

    /// Those it can carry: `multicall` calls its own contract without value, and some carry one.
    List<CallTree> carried() {
      return switch (carrier) {
        case MULTICALL ->
            inner.stream().filter(each -> each.value() == 0 && hasData(each)).toList();
        case EXECUTE, SAFE, TIMELOCK -> inner.subList(0, 1);
        case AGGREGATE_3_VALUE, EXECUTE_BATCH, SAFE_MULTI_SEND -> inner;
      };
    }

    private static boolean hasData(CallTree tree) {
      return !(tree instanceof Pays);
    }

    @Override
    public Bytes encode() {
      List<CallTree> calls = carried();
      CallTree first = inner.getFirst();
      return switch (carrier) {
        case MULTICALL -> Calls.multicall(calls.stream().map(CallTree::encode).toList());
        case AGGREGATE_3_VALUE ->
            data(
                "aggregate3Value((address,bool,uint256,bytes)[])",
                calls.stream()
                    .map(each -> List.of(each.to(), true, each.value(), each.encode()))
                    .toList());
        case EXECUTE ->
            data("execute(address,uint256,bytes)", first.to(), first.value(), first.encode());
        case EXECUTE_BATCH ->
            data(
                "executeBatch(address[],uint256[],bytes[])",
                calls.stream().map(CallTree::to).toList(),
                calls.stream().map(CallTree::value).toList(),
                calls.stream().map(CallTree::encode).toList());
        case SAFE -> Calls.execTransaction(first.to(), first.value(), first.encode(), 0);
        case SAFE_MULTI_SEND -> Calls.execTransaction(MULTI_SEND, 0, multiSend(), 1);
        case TIMELOCK ->
            data(
                "schedule(address,uint256,bytes,bytes32,bytes32,uint256)",
                first.to(),
                first.value(),
                first.encode(),
                Calls.word(0),
                Calls.word(1),
                0L);
      };
    }

    private Bytes multiSend() {
      return Calls.multiSend(
          carried().stream()
              .map(each -> Calls.packed(0, each.to(), each.value(), each.encode()))
              .toArray(Bytes[]::new));
    }

    @Override
    public void list(List<Integer> path, Address account, List<Action> actions) {
      actions.add(new Action(path, account, new ContractCall(to, Wei.of(value), encode())));
      List<Integer> at = path;
      if (carrier == Carrier.SAFE_MULTI_SEND) {
        at = below(path, 1);
        actions.add(new Action(at, to, new DelegateCall(MULTI_SEND, multiSend())));
      }
      int place = 1;
      for (CallTree each : carried()) {
        CallTree asCalled = carrier == Carrier.MULTICALL ? each.at(to) : each;
        asCalled.list(below(at, place), carrier == Carrier.MULTICALL ? account : to, actions);
        place++;
      }
    }
  }

  /// The same call of another contract.
  default CallTree at(Address other) {
    return switch (this) {
      case Pays pays -> new Pays(other, pays.value());
      case Sends sends -> new Sends(other, sends.value(), sends.payee(), sends.amount());
      case Unknown unknown -> new Unknown(other, unknown.value(), unknown.arguments());
      case Carries carries ->
          new Carries(carries.carrier(), other, carries.value(), carries.inner());
    };
  }

  private static List<Integer> below(List<Integer> path, int number) {
    List<Integer> longer = new ArrayList<>(path);
    longer.add(number);
    return longer;
  }
}
