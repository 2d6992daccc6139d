package dev.countersign.fuzz;

import dev.countersign.core.evm.SignedFields;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Bytes;

/// Transactions, unsigned and signed: reading is total, and what is read is written as the same
/// bytes again, so no two encodings are one transaction.
public final class TransactionFuzz {
  private TransactionFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Bytes bytes = Bytes.of(input);
    if (TransactionDecoder.decode(bytes) instanceof Outcome.Decoded(UnsignedTransaction read)) {
      Fault.unless(read.encode().equals(bytes), "another encoding of " + read);
    }
    new SignedTransaction(bytes)
        .read()
        .map(TransactionFuzz::signedAgain)
        .ifPresent(again -> Fault.unless(again.equals(bytes), "another encoding, signed"));
  }

  private static Bytes signedAgain(SignedFields fields) {
    return fields.transaction().sign(fields.signature()).bytes();
  }
}
