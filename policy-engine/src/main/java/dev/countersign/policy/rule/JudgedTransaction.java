package dev.countersign.policy.rule;

import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.port.PolicySubject;
import java.math.BigInteger;

/// A transaction as rules see it: read off its own bytes, besides who asks and with which wallet.
///
/// @param amount how much of `asset` leaves the wallet, in its smallest unit
/// @param gasCost the most that gas may cost, in wei
/// @param destinationText the payee, or the contract called, with its EIP-55 checksum
public record JudgedTransaction(
    PolicySubject subject,
    Intent intent,
    Operation operation,
    AssetId asset,
    BigInteger amount,
    BigInteger gasCost,
    String destinationText) {

  public static JudgedTransaction of(PolicySubject subject, UnsignedTransaction transaction) {
    Intent intent = transaction.intent();
    return new JudgedTransaction(
        subject,
        intent,
        Operation.of(intent),
        intent.asset(transaction.chain()),
        intent.amount(),
        transaction.fees().mostGasCost(),
        intent.destination().checksummed());
  }
}
