package dev.countersign.policy.condition;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;

/// The types of what conditions may look at.
public enum FactType {
  /// [String]
  TEXT(SimpleType.STRING),
  /// [Long]
  NUMBER(SimpleType.INT),
  /// [Boolean]
  FLAG(SimpleType.BOOL),
  /// [Amount]
  AMOUNT(OpaqueType.create("Amount")),
  /// [Place]
  ADDRESS(OpaqueType.create("Address"));

  private final CelType cel;

  FactType(CelType cel) {
    this.cel = cel;
  }

  CelType cel() {
    return cel;
  }
}
