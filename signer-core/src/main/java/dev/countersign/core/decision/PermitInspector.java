package dev.countersign.core.decision;

import java.util.Optional;

/// Tells whether a permit is one to sign by: issued by a policy engine of this deployment, and with
/// every approval that it names, each verified again.
@FunctionalInterface
public interface PermitInspector {
  /// Why nothing is to be signed by it; nothing when it is good.
  Optional<String> fault(Permit permit);
}
