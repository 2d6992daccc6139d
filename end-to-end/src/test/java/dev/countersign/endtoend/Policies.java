package dev.countersign.endtoend;

import java.util.List;

/// The policies of the scenarios.
final class Policies {
  private Policies() {}

  /// Whoever asks may send ether, up to 1 ether at a time.
  static String ether() {
    return header() + etherRule("[hot-1]", "1000 ether");
  }

  /// The same, and whoever asks may sign personal messages, and orders of a shop.
  static String etherAndMessages() {
    return ether()
        + """
          - name: logins
            effect: ALLOW
            initiators: any
            wallets: [hot-1]
            chains: any
            operations: [personal-message]
            assets: any
            destinations: any
            maximumGasCost: any
          - name: orders
            effect: ALLOW
            initiators: any
            wallets: [hot-1]
            chains: any
            operations: [typed-message]
            domain: {name: [Shop]}
            primaryType: Order
            assets: any
            destinations: any
            maximumGasCost: any
        """;
  }

  /// The same from any wallet.
  static String etherOfAnyWallet() {
    return header() + etherRule("any", "1000 ether");
  }

  /// The first, and no more within an hour than `limit` altogether from one wallet.
  static String etherUpTo(String limit) {
    return header() + etherRule("[hot-1]", limit);
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
            operations: [erc20-approve]
            assets: ["%s"]
            destinations: any
            maximumGasCost: 0.1 ether
        """
            .formatted(token);
  }

  /// To go on with a policy: the desk may transfer any token to anybody.
  static String tokens() {
    return """
      - name: desk-any-token
        effect: ALLOW
        initiators: [trading-desk]
        wallets: [hot-1]
        chains: any
        operations: [erc20-transfer]
        assets: any
        destinations: any
        maximumGasCost: 0.1 ether
    """;
  }

  /// To go on with a policy: the desk may create contracts.
  static String contracts() {
    return """
      - name: desk-contracts
        effect: ALLOW
        initiators: [trading-desk]
        wallets: [hot-1]
        chains: any
        operations: [contract-creation]
        assets: [native]
        destinations: any
        maximum: 0 ether
        maximumGasCost: 0.1 ether
    """;
  }

  /// To go on with a policy: the desk may pay up to 5,000 USD to `to`, by the prices of one feed.
  static String dollars(String to, String feed, String key) {
    return """
      - name: desk-dollars
        effect: ALLOW
        initiators: [trading-desk]
        wallets: [hot-1]
        chains: any
        operations: [native-transfer]
        assets: any
        destinations: ["%s"]
        maximum: 5000 USD
        maximumGasCost: 0.1 ether
    prices:
      maximumAge: PT5M
      feeds: [{name: %s, key: "%s"}]
    """
        .formatted(to, feed, key);
  }

  /// Ether above half an ether waits for two of three approvers, and what is paid to `locked` waits
  /// for `delay` besides.
  ///
  /// @param keys the public keys of the three
  static String withApprovers(List<String> keys, String locked, String delay) {
    return """
    format: countersign/policy/v1
    approvers:
      alice: {keys: ["%s"]}
      bob: {keys: ["%s"]}
      carol: {keys: ["%s"], client: trading-desk}
    groups:
      treasury: [alice, bob, carol]
    rules:
      - name: large
        effect: REQUIRE
        assets: [native]
        above: 0.5 ether
        approvals: {group: treasury, count: 2}
        lifetime: PT10M
      - name: locked
        effect: DELAY
        destinations: ["%s"]
        delay: %s
    """
            .formatted(keys.get(0), keys.get(1), keys.get(2), locked, delay)
        + etherRule("[hot-1]", "1000 ether");
  }

  private static String header() {
    return """
    format: countersign/policy/v1
    rules:
    """;
  }

  private static String etherRule(String wallets, String limit) {
    return """
      - name: ether
        effect: ALLOW
        initiators: any
        wallets: %s
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
        .formatted(wallets, limit);
  }
}
