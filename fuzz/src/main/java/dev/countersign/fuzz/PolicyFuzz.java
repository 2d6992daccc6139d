package dev.countersign.fuzz;

import dev.countersign.policy.document.PolicyDocumentReader;

/// Policy documents: reading is total.
public final class PolicyFuzz {
  private PolicyFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    PolicyDocumentReader.read(input);
  }
}
