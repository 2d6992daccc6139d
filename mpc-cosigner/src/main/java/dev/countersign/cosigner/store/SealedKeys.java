package dev.countersign.cosigner.store;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.ShareSeal;
import dev.countersign.cosigner.wire.MalformedBytesException;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.key.KeyLedger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The rows of `cosigner.key`: each the ledger of one key, sealed.
final class SealedKeys {
  private static final long NO_EPOCH = -1;

  private final ShareSeal seal;
  private final SealContext context;
  private final Party self;

  SealedKeys(ShareSeal seal, SealContext context, Party self) {
    this.seal = seal;
    this.context = context;
    this.self = self;
  }

  /// A row, unsealed.
  record Row(
      KeyLedger<Secp256k1Point> ledger,
      long activeOf,
      long preparedOf,
      List<Statement> statements) {}

  private record Stored(
      long epoch,
      long activeOf,
      long preparedOf,
      long generation,
      Bytes statements,
      Bytes ciphertext) {}

  List<KeyId> ids(Handle handle) {
    return handle
        .createQuery("SELECT key_id FROM cosigner.key ORDER BY key_id")
        .mapTo(String.class)
        .map(KeyId::new)
        .list();
  }

  /// The caller wipes what is in it.
  Optional<Row> find(Handle handle, KeyId key, boolean forUpdate) {
    return handle
        .createQuery(
            "SELECT epoch, active_of, prepared_of, generation, statements, sealed FROM cosigner.key"
                + " WHERE key_id = :key"
                + (forUpdate ? " FOR UPDATE" : ""))
        .bind("key", key.value())
        .map(
            (row, ignored) ->
                new Stored(
                    row.getLong("epoch"),
                    row.getLong("active_of"),
                    row.getLong("prepared_of"),
                    row.getLong("generation"),
                    Bytes.of(row.getBytes("statements")),
                    Bytes.of(row.getBytes("sealed"))))
        .findOne()
        .map(stored -> unsealed(key, stored));
  }

  private Row unsealed(KeyId key, Stored stored) {
    byte[] plain = new byte[0];
    try {
      plain =
          seal.unseal(
              stored.ciphertext(),
              context.key(
                  key,
                  stored.epoch(),
                  stored.activeOf(),
                  stored.preparedOf(),
                  stored.generation()));
      return new Row(
          KeyLedger.decode(Secp256k1Group.INSTANCE, plain),
          stored.activeOf(),
          stored.preparedOf(),
          StatementList.decode(stored.statements().toArray()));
    } catch (ProtocolAbortException | MalformedBytesException e) {
      throw new StoreRefusedException("key %s cannot be read".formatted(key), e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /// Before key generation.
  Row empty() {
    return new Row(KeyLedger.empty(Secp256k1Group.INSTANCE, self), 0, 0, List.of());
  }

  /// @param generation of the change that this is
  void save(Handle handle, KeyId key, Row row, long generation) {
    byte[] plain = row.ledger().encode();
    try {
      long epoch = row.ledger().active().map(share -> share.key().epoch()).orElse(NO_EPOCH);
      Bytes sealed =
          seal.seal(plain, context.key(key, epoch, row.activeOf(), row.preparedOf(), generation));
      handle
          .createUpdate(
              """
              INSERT INTO cosigner.key
                (key_id, epoch, active_of, prepared_of, generation, statements, sealed)
              VALUES (:key, :epoch, :activeOf, :preparedOf, :generation, :statements, :sealed)
              ON CONFLICT (key_id) DO UPDATE SET
                epoch = excluded.epoch, active_of = excluded.active_of,
                prepared_of = excluded.prepared_of, generation = excluded.generation,
                statements = excluded.statements, sealed = excluded.sealed
              """)
          .bind("key", key.value())
          .bind("epoch", epoch)
          .bind("activeOf", row.activeOf())
          .bind("preparedOf", row.preparedOf())
          .bind("generation", generation)
          .bind("statements", StatementList.encode(row.statements()))
          .bind("sealed", sealed.toArray())
          .execute();
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }
}
