package dev.countersign.core.action;

import dev.countersign.core.model.Wei;
import java.util.List;

/// OpenZeppelin's TimelockController. What is scheduled is judged as if it were done now, by the
/// timelock: nobody is asked again later.
final class TimelockFunctions {
  static final List<KnownFunction> ALL =
      List.of(
          KnownFunction.of(
              "schedule(address,uint256,bytes,bytes32,bytes32,uint256)", TimelockFunctions::one),
          KnownFunction.of(
              "execute(address,uint256,bytes,bytes32,bytes32)", TimelockFunctions::one),
          KnownFunction.of(
              "scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)",
              TimelockFunctions::many),
          KnownFunction.of(
              "executeBatch(address[],uint256[],bytes[],bytes32,bytes32)",
              TimelockFunctions::many));

  private TimelockFunctions() {}

  private static Meaning one(Call call, Arguments in) {
    return new Meaning.Carries(
        List.of(new Step.Calls(new Call(call.to(), in.address(0), in.wei(1), in.bytes(2)))));
  }

  private static Meaning many(Call call, Arguments in) throws OpaqueException {
    Lengths.same("timelock batch", in.addresses(0), in.uints(1));
    return AccountFunctions.batch(
        "timelock batch",
        call,
        in.addresses(0),
        in.uints(1).stream().map(Wei::new).toList(),
        in.bytesList(2));
  }
}
