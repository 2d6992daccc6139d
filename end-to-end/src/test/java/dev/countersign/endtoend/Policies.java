package dev.countersign.endtoend;

/// The policies of the scenarios.
final class Policies {
  private Policies() {}

  /// Whoever asks may send ether, up to 1 ether at a time.
  static String ether() {
    return header() + etherRule("1000 ether");
  }

  /// The same, and no more within an hour than `limit` altogether from one wallet.
  static String etherUpTo(String limit) {
    return header() + etherRule(limit);
  }

  /// The desk may also send the token, and approve others to take it.
  static String etherAndToken(String token) {
    return ether()
        + """
          - name: desk-tokens
            effect: ALLOW
            initiators: [trading-desk]
            wallets: [hot-1]
            chains: any
            operations: [erc20-transfer]
            assets: any
            destinations: any
            maximumGasCost: 0.1 ether
          - name: desk-approvals
            effect: ALLOW
            initiators: [trading-desk]
            wallets: [hot-1]
            chains: any
            operations: [contract-call]
            selectors: ["0x095ea7b3"]
            assets: [native]
            destinations: ["%s"]
            maximumGasCost: 0.1 ether
        """
            .formatted(token);
  }

  private static String header() {
    return """
    format: countersign/policy/v1
    rules:
    """;
  }

  private static String etherRule(String limit) {
    return """
      - name: ether
        effect: ALLOW
        initiators: any
        wallets: [hot-1]
        chains: any
        operations: [native-transfer]
        assets: [native]
        destinations: any
        maximum: 1 ether
        maximumGasCost: 0.1 ether
        limits:
          - name: hourly
            maximum: %s
            counts: [value]
            window: PT1H
            per: [wallet]
    """
        .formatted(limit);
  }
}
