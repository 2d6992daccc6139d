package dev.countersign.cli.sandbox;

import dev.countersign.api.v1.Wallet;
import java.util.List;
import java.util.stream.Collectors;

/// The sandbox's policy: the trading desk may send ether to a short list of addresses, up to an
/// amount for each transaction and for each rolling hour. All else is denied.
final class PolicyFile {
  /// Nobody has its key: the last 20 bytes of Keccak-256 of `sandbox exchange`.
  static final String EXCHANGE = "0x904a944Bf552F27E094aB891942733FF5E3A34Df";

  /// On no list: the last 20 bytes of Keccak-256 of `sandbox stranger`.
  static final String STRANGER = "0x00e022d82D599F21926249AB8B1DE36679B90E86";

  private PolicyFile() {}

  /// {@return the document}
  ///
  /// @param wallets the sandbox's own
  static String document(List<Wallet> wallets) {
    return """
    # Written by the sandbox, which gives it to the server at each start.
    format: countersign/policy/v1
    description: the sandbox's policy

    addresses:
      exchange: ["%s"]
      own-wallets: [%s]

    rules:
      - name: desk-transfers
        effect: ALLOW
        description: the trading desk moves ether to the exchange and between its own wallets
        initiators: [%s]
        wallets: [%s]
        chains: ["%s"]
        operations: [native-transfer]
        assets: [native]
        destinations: [exchange, own-wallets]
        maximum: 1 ether
        maximumGasCost: 0.01 ether
        limits:
          - name: hourly
            maximum: 50 ether
            window: PT1H
            per: [initiator, wallet]
    """
        .formatted(
            EXCHANGE,
            wallets.stream()
                .map(Wallet::getAddress)
                .map(Yaml::text)
                .collect(Collectors.joining(", ")),
            SandboxClient.TRADING_DESK.id(),
            wallets.stream().map(Wallet::getId).collect(Collectors.joining(", ")),
            Treasury.CHAIN);
  }
}
