package dev.countersign.cli.approval;

import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.model.Bytes;

/// An approver's own key, ready to sign; closing it forgets it.
public interface ApprovalKey extends AutoCloseable {
  ApproverKey publicKey();

  /// A signature of `message` that [#publicKey] verifies.
  Bytes sign(byte[] message);

  @Override
  void close();
}
