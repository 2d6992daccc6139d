package dev.countersign.cosigner.store;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.key.KeyLedger;

/// From one state of a key's ledger to the next.
@FunctionalInterface
public interface LedgerStep {
  /// @throws ProtocolAbortException when there is no such step: nothing changes
  KeyLedger<Secp256k1Point> from(KeyLedger<Secp256k1Point> ledger) throws ProtocolAbortException;
}
