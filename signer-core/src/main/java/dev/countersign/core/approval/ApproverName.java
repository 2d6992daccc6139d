package dev.countersign.core.approval;

import dev.countersign.core.model.Slug;

/// A person who approves, by the name that the policy gives them.
public record ApproverName(String value) implements Comparable<ApproverName> {
  public ApproverName {
    Slug.check("approver", value);
  }

  @Override
  public int compareTo(ApproverName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
