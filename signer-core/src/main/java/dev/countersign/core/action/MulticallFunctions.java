package dev.countersign.core.action;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Wei;
import java.util.List;

/// Many calls in one: contracts that call themselves (`multicall`), and Multicall3, which calls
/// others.
final class MulticallFunctions {
  static final List<KnownFunction> ALL =
      List.of(
          KnownFunction.of("multicall(bytes[])", (call, in) -> onItself(call, in, 0)),
          KnownFunction.of("multicall(uint256,bytes[])", (call, in) -> onItself(call, in, 1)),
          KnownFunction.of("multicall(bytes32,bytes[])", (call, in) -> onItself(call, in, 1)),
          KnownFunction.of("aggregate((address,bytes)[])", (call, in) -> onOthers(call, in, 0)),
          KnownFunction.of(
              "tryAggregate(bool,(address,bytes)[])", (call, in) -> onOthers(call, in, 1)),
          KnownFunction.of(
              "blockAndAggregate((address,bytes)[])", (call, in) -> onOthers(call, in, 0)),
          KnownFunction.of(
              "tryBlockAndAggregate(bool,(address,bytes)[])", (call, in) -> onOthers(call, in, 1)),
          KnownFunction.of(
              "aggregate3((address,bool,bytes)[])",
              (call, in) ->
                  carries(
                      in.structs(0).stream()
                          .map(each -> inner(call.to(), each, Wei.ZERO, 2))
                          .toList())),
          KnownFunction.of(
              "aggregate3Value((address,bool,uint256,bytes)[])",
              (call, in) ->
                  carries(
                      in.structs(0).stream()
                          .map(each -> inner(call.to(), each, each.wei(2), 3))
                          .toList())));

  private MulticallFunctions() {}

  /// The contract runs each as a delegate call of itself: the caller stays who it is. The value
  /// stands with the carrier alone; every inner call sees it, which a contract that counts it twice
  /// pays for itself.
  private static Meaning onItself(Call call, Arguments in, int index) {
    return carries(
        in.bytesList(index).stream()
            .map(data -> new Call(call.account(), call.to(), Wei.ZERO, data))
            .toList());
  }

  private static Meaning onOthers(Call call, Arguments in, int index) {
    return carries(
        in.structs(index).stream().map(each -> inner(call.to(), each, Wei.ZERO, 1)).toList());
  }

  private static Call inner(Address account, Arguments each, Wei value, int data) {
    return new Call(account, each.address(0), value, each.bytes(data));
  }

  private static Meaning carries(List<Call> calls) {
    return new Meaning.Carries(calls.stream().<Step>map(Step.Calls::new).toList());
  }
}
