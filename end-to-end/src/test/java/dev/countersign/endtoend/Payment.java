package dev.countersign.endtoend;

import dev.countersign.api.v1.SignTransactionRequest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// A transfer of ether that can be recognised on the chain: nobody else pays its payee.
///
/// @param requestId what its client calls it
/// @param payee has no ether before
/// @param amount in wei
record Payment(String requestId, String payee, BigInteger amount) {

  /// Distinct ones.
  ///
  /// @param series names them; no other series of the same deployment has its number
  static List<Payment> series(int series, int count) {
    var payments = new ArrayList<Payment>();
    for (int i = 1; i <= count; i++) {
      payments.add(
          new Payment(
              "payment-%d-%d".formatted(series, i),
              "0xe2e0%028x%08x".formatted(series, i),
              BigInteger.valueOf(1_000_000L * series + i)));
    }
    return payments;
  }

  SignTransactionRequest asked(Asking asking) {
    return asking.send(requestId, payee, amount);
  }

  static BigInteger sum(List<Payment> payments) {
    return payments.stream().map(Payment::amount).reduce(BigInteger.ZERO, BigInteger::add);
  }
}
