package dev.countersign.cli.sandbox;

/// Who may connect to a sandbox, and what as.
enum SandboxClient {
  /// Asks for signatures; what `sandbox.json` gives to other programs.
  TRADING_DESK("trading-desk", "TRADER"),
  /// Makes vaults and wallets.
  CUSTODIAN("custodian", "CUSTODIAN"),
  /// Reads the log.
  AUDITOR("auditor", "AUDITOR"),
  /// Looks after the server.
  OPERATOR("operator", "OPERATOR"),
  /// Proposes policies.
  POLICY_DESK("policy-desk", "PROPOSER"),
  /// Carries what approvers sign.
  APPROVER("approver", "APPROVER"),
  /// Carries prices.
  PRICE_FEED("price-feed", "PRICE_FEED");

  private final String id;
  private final String role;

  SandboxClient(String id, String role) {
    this.id = id;
    this.role = role;
  }

  /// The name that its certificate is registered under, and that policies quote.
  String id() {
    return id;
  }

  /// As the server's configuration names it.
  String role() {
    return role;
  }
}
