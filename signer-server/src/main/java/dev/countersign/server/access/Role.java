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
  /// Looks after the service itself.
  OPERATOR;

  /// @param service the full name of a gRPC service
  boolean allows(String service) {
    return services().contains(service);
  }

  private Set<String> services() {
    return switch (this) {
      case TRADER -> Set.of("countersign.v1.SigningService");
      case CUSTODIAN -> Set.of("countersign.v1.WalletService");
      case AUDITOR -> Set.of("countersign.v1.AuditService", "countersign.v1.PolicyService");
      case OPERATOR -> Set.of("countersign.v1.AdminService", "countersign.v1.PolicyService");
    };
  }
}
