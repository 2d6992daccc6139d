package dev.countersign.core.action;

import dev.countersign.core.action.Deed.ProxyUpgrade;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import java.util.List;

/// Upgrades of proxies, by the proxy itself (ERC-1967, UUPS) or by its ProxyAdmin. The call data
/// that comes with an upgrade runs as a delegate call of the new implementation.
final class ProxyFunctions {
  static final List<KnownFunction> ALL =
      List.of(
          KnownFunction.of(
              "upgradeTo(address)",
              (call, in) -> new Meaning.Is(new ProxyUpgrade(call.to(), in.address(0)))),
          KnownFunction.of(
              "upgradeToAndCall(address,bytes)",
              (call, in) ->
                  new Meaning.Is(
                      new ProxyUpgrade(call.to(), in.address(0)),
                      initialisation(call.to(), in.address(0), in.bytes(1)))),
          KnownFunction.of(
              "upgrade(address,address)",
              (call, in) -> byAdmin(call, in.address(0), in.address(1), Bytes.EMPTY)),
          KnownFunction.of(
              "upgradeAndCall(address,address,bytes)",
              (call, in) -> byAdmin(call, in.address(0), in.address(1), in.bytes(2))));

  private ProxyFunctions() {}

  private static Meaning byAdmin(Call call, Address proxy, Address implementation, Bytes data) {
    List<Step> initialisation = initialisation(proxy, implementation, data);
    Step upgrade = new Step.Does(call.to(), new ProxyUpgrade(proxy, implementation));
    return new Meaning.Carries(
        initialisation.isEmpty() ? List.of(upgrade) : List.of(upgrade, initialisation.getFirst()));
  }

  private static List<Step> initialisation(Address proxy, Address implementation, Bytes data) {
    return data.isEmpty() ? List.of() : List.of(new Step.Delegates(proxy, implementation, data));
  }
}
