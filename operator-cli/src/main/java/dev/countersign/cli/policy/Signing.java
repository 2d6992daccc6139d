package dev.countersign.cli.policy;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.approval.ApprovalKey;
import dev.countersign.core.approval.Approvable;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApproverName;

/// Signs a statement with a person's own key.
final class Signing {
  private Signing() {}

  /// @throws CommandException when the key's public half is another key's
  static Approval sign(
      ApproverName name, ApprovalKey own, Approval.Decision decision, Approvable statement) {
    var approval =
        new Approval(name, own.publicKey(), decision, own.sign(statement.signedBytes(decision)));
    if (!approval.isSignatureOf(statement)) {
      throw CommandException.unavailable(
          "the key's signature does not verify: its public half belongs to another key");
    }
    return approval;
  }
}
