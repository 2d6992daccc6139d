package dev.countersign.server.access;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a client may do. Nothing is implied: a client has the roles its registration names.
public enum Role {
  /// Asks for signatures, and sees its own requests.
  TRADER,
  /// Makes vaults and wallets.
  CUSTODIAN,
  /// Reads the log and its proofs, and the policy.
  AUDITOR,
  /// Sees what waits for approval, and carries what approvers sign. It is their signature that
  /// decides, not this role.
  APPROVER,
  /// Looks after the service itself.
  OPERATOR,
  /// Stops signing, and hands in what a quorum signed to go on: for whoever watches, people or
  /// programs.
  FREEZER,
  /// Proposes policies. Who approves them is what the active policy says.
  PROPOSER,
  /// Carries prices. It is the signature of the feed that counts, not this role.
  PRICE_FEED;

  private static final String ADMIN = "countersign.v1.AdminService";
  private static final String POLICY = "countersign.v1.PolicyService";
  private static final Set<String> POLICY_READING =
      Set.of(
          POLICY + "/GetActivePolicy",
          POLICY + "/ListPolicyVersions",
          POLICY + "/GetPolicyVersion",
          POLICY + "/ListPolicyProposals",
          POLICY + "/GetPolicyProposal");
  private static final String LIST_PRICES = "countersign.v1.PriceService/ListPrices";
  private static final String BALANCES_LIST = "countersign.v1.WalletService/ListBalances";
  private static final String BALANCES_CHANGES = "countersign.v1.WalletService/ListBalanceChanges";
  private static final Set<String> BALANCES = Set.of(BALANCES_LIST, BALANCES_CHANGES);
  private static final String INSIGHT = "countersign.v1.PolicyInsightService";

  /// @param service the full name of a gRPC service
  /// @param method the name of one of its methods
  boolean allows(String service, String method) {
    return services().contains(service) || methods().contains(service + "/" + method);
  }

  /// Single ones of services that the role is not let into as a whole.
  private Set<String> methods() {
    return switch (this) {
      case FREEZER ->
          and(
              BALANCES,
              ADMIN + "/Freeze",
              ADMIN + "/ListFreezes",
              ADMIN + "/Thaw",
              ADMIN + "/ListLanes");
      case AUDITOR ->
          and(
              POLICY_READING,
              BALANCES_LIST,
              BALANCES_CHANGES,
              ADMIN + "/ListFreezes",
              ADMIN + "/ListLanes",
              LIST_PRICES,
              INSIGHT + "/Replay",
              INSIGHT + "/GetShadow",
              INSIGHT + "/GetCoverage");
      case OPERATOR -> and(POLICY_READING, BALANCES_LIST, BALANCES_CHANGES, LIST_PRICES);
      case APPROVER -> and(POLICY_READING, POLICY + "/ApprovePolicy", POLICY + "/RejectPolicy");
      case PROPOSER -> and(POLICY_READING, POLICY + "/ProposePolicy", POLICY + "/WithdrawPolicy");
      case TRADER -> Set.of(BALANCES_LIST);
      case CUSTODIAN, PRICE_FEED -> Set.of();
    };
  }

  private static Set<String> and(Set<String> some, String... more) {
    return Stream.concat(some.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
  }

  private Set<String> services() {
    return switch (this) {
      case TRADER -> Set.of("countersign.v1.SigningService");
      case CUSTODIAN -> Set.of("countersign.v1.WalletService");
      case AUDITOR -> Set.of("countersign.v1.AuditService");
      case APPROVER -> Set.of("countersign.v1.ApprovalService");
      case OPERATOR -> Set.of(ADMIN, INSIGHT);
      case PRICE_FEED -> Set.of("countersign.v1.PriceService");
      case FREEZER, PROPOSER -> Set.of();
    };
  }
}
