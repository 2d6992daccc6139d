package dev.countersign.fuzz;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.verify.LogProof;
import java.nio.charset.StandardCharsets;

/// Proofs with the checkpoint they are of: what is none is refused by its typed error, and what is
/// one is written as the same text again.
public final class ProofFuzz {
  private ProofFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      Fault.unless(LogProof.parse(text).format().equals(text), "another text of the same proof");
    } catch (InvalidNoteException _) {
      // As it should be.
    }
  }
}
