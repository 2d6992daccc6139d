package dev.countersign.cosigner.store;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.ShareSeal;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ban.BanLedger;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The row of `cosigner.ban_ledger`. It is no secret; it is sealed so that nobody but this cosigner
/// writes one.
final class SealedBans {
  private final ShareSeal seal;
  private final SealContext context;

  SealedBans(ShareSeal seal, SealContext context) {
    this.seal = seal;
    this.context = context;
  }

  private record Row(long generation, Bytes ciphertext) {}

  Optional<BanLedger> find(Handle handle) {
    return handle
        .createQuery("SELECT generation, sealed FROM cosigner.ban_ledger")
        .map((row, ignored) -> new Row(row.getLong("generation"), Bytes.of(row.getBytes("sealed"))))
        .findOne()
        .map(this::unsealed);
  }

  private BanLedger unsealed(Row row) {
    try {
      return BanLedger.decode(seal.unseal(row.ciphertext(), context.bans(row.generation())));
    } catch (ProtocolAbortException e) {
      throw new StoreRefusedException("the bans cannot be read", e);
    }
  }

  void save(Handle handle, BanLedger bans, long generation) {
    handle.execute(
        "INSERT INTO cosigner.ban_ledger (generation, sealed) VALUES (?, ?)"
            + " ON CONFLICT (one) DO UPDATE"
            + " SET generation = excluded.generation, sealed = excluded.sealed",
        generation,
        seal.seal(bans.encode(), context.bans(generation)).toArray());
  }
}
