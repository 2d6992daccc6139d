package dev.countersign.fuzz;

import dev.countersign.core.action.TypedDataUnpacker;
import dev.countersign.core.model.Address;
import java.nio.charset.StandardCharsets;

/// Typed data (EIP-712) as JSON: reading is total.
public final class TypedDataFuzz {
  private static final Address SIGNER = new Address("0x" + "11".repeat(20));

  private TypedDataFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    TypedDataUnpacker.read(new String(input, StandardCharsets.UTF_8), SIGNER);
  }
}
