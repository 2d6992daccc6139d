package dev.countersign.cosigner.store;

import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.key.KeyLedger;
import java.util.List;

/// A key as it is stored, unsealed: whoever has it closes it, which wipes its shares.
public final class StoredKey implements AutoCloseable {
  private final KeyLedger<Secp256k1Point> ledger;
  private final List<Statement> statements;
  private final boolean trusted;

  StoredKey(KeyLedger<Secp256k1Point> ledger, List<Statement> statements, boolean trusted) {
    this.ledger = ledger;
    this.statements = List.copyOf(statements);
    this.trusted = trusted;
  }

  public KeyLedger<Secp256k1Point> ledger() {
    return ledger;
  }

  /// What all have signed of the epoch in use: that they have stored it. Others may have missed it.
  public List<Statement> statements() {
    return statements;
  }

  /// Whether the epoch in use may sign: not when it was made before an old copy was put in the
  /// database's place. A refresh makes it another one.
  public boolean isTrusted() {
    return trusted;
  }

  @Override
  public void close() {
    wipe(ledger);
  }

  static void wipe(KeyLedger<Secp256k1Point> ledger) {
    ledger.active().ifPresent(EpochShare::close);
    ledger.retiring().ifPresent(EpochShare::close);
    ledger.prepared().flatMap(prepared -> prepared.share()).ifPresent(EpochShare::close);
  }
}
