package dev.countersign.server.access;

import java.util.Set;

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
  FREEZER;

  private static final String ADMIN = "countersign.v1.AdminService";

  /// @param service the full name of a gRPC service
  /// @param method the name of one of its methods
  boolean allows(String service, String method) {
    return services().contains(service) || methods().contains(service + "/" + method);
  }

  /// Single ones of services that the role is not let into as a whole.
  private Set<String> methods() {
    return switch (this) {
      case FREEZER -> Set.of(ADMIN + "/Freeze", ADMIN + "/ListFreezes", ADMIN + "/Thaw");
      case AUDITOR -> Set.of(ADMIN + "/ListFreezes");
      case TRADER, CUSTODIAN, APPROVER, OPERATOR -> Set.of();
    };
  }

  private Set<String> services() {
    return switch (this) {
      case TRADER -> Set.of("countersign.v1.SigningService");
      case CUSTODIAN -> Set.of("countersign.v1.WalletService");
      case AUDITOR -> Set.of("countersign.v1.AuditService", "countersign.v1.PolicyService");
      case APPROVER -> Set.of("countersign.v1.ApprovalService");
      case OPERATOR -> Set.of(ADMIN, "countersign.v1.PolicyService");
      case FREEZER -> Set.of();
    };
  }
}
