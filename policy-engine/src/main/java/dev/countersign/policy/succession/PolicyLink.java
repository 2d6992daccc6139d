package dev.countersign.policy.succession;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.model.Bytes;
import java.util.List;

/// A policy as somebody gives it: which number it is said to have, its bytes, and what is said to
/// have been signed for it. Nothing of it is believed.
///
/// @param statement the bytes of a policy change statement; empty when there is none
public record PolicyLink(long version, Bytes document, Bytes statement, List<Approval> approvals) {
  public PolicyLink {
    approvals = List.copyOf(approvals);
  }
}
