package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One bit of every byte of the tables, changed by a superuser with the triggers off: each is found
/// by a verification of the database, with the place it is in. What the database refuses to store,
/// such as a second place for an entry, is no change. With `-Dcountersign.soak=1` all bits.
@WithTestEnvironment
@Timeout(600)
class EveryStoredByteIT {
  private static final boolean ALL_BITS = System.getProperty("countersign.soak") != null;

  private static final SigningRequestId REQUEST =
      new SigningRequestId(UUID.fromString("0192f1c0-0000-7000-8000-000000000001"));

  private final TestLog log;
  private final Random choice = new Random(1);

  EveryStoredByteIT(PostgresDatabase database) {
    this.log = new TestLog(database);
    log.login.useHandle(
        handle -> handle.execute("INSERT INTO audit.entry (body) VALUES ('a'), ('be')"));
    log.integrate(
        List.of(
            AuditRecord.of(
                Instant.parse("2026-11-22T18:41:00Z"),
                Actor.system("test"),
                REQUEST,
                Digest32.of(new byte[Digest32.SIZE]),
                new AuditEvent.RequestFailed("x"))));
  }

  @AfterEach
  void close() {
    log.close();
  }

  /// A value in a table.
  ///
  /// @param what table, column and row
  /// @param bytes how many it has
  /// @param update changes the bits `:mask` of byte `:byte`
  /// @param named whether a finding names the place of a byte
  private record Cell(String what, int bytes, String update, BiPredicate<Finding, Integer> named) {}

  @Test
  void oneBitOfEveryByteIsFoundAndNamed() {
    int found = 0;
    int refused = 0;
    try (Handle superuser = log.superuser.open()) {
      superuser.begin();
      TestLog.switchTriggers(superuser, "DISABLE");
      assertThat(verify(superuser)).isInstanceOf(Verified.class);
      for (Cell cell : cells(superuser)) {
        for (int position = 0; position < cell.bytes(); position++) {
          for (int bit : bits()) {
            superuser.savepoint("good");
            if (change(superuser, cell, position, bit)) {
              assertFound(cell, position, bit, verify(superuser));
              found++;
            } else {
              refused++;
            }
            superuser.rollbackToSavepoint("good");
          }
        }
      }
      assertThat(verify(superuser)).isInstanceOf(Verified.class);
      superuser.rollback();
    }
    assertThat(found).as("changes that were stored").isGreaterThan(500);
    assertThat(refused).as("changes that the tables refuse").isLessThan(found / 4);
  }

  private int[] bits() {
    return ALL_BITS ? IntStream.range(0, 8).toArray() : new int[] {choice.nextInt(8)};
  }

  private boolean change(Handle superuser, Cell cell, int position, int bit) {
    try {
      assertThat(
              superuser
                  .createUpdate(cell.update())
                  .bind("byte", position)
                  .bind("mask", 1 << bit)
                  .execute())
          .as(cell.what())
          .isOne();
      return true;
    } catch (UnableToExecuteStatementException e) {
      return false;
    }
  }

  private static void assertFound(Cell cell, int position, int bit, VerificationResult result) {
    String what = "bit %d of byte %d of %s".formatted(bit, position, cell.what());
    assertThat(result)
        .as(what)
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.findings())
                    .as(what)
                    .anyMatch(finding -> cell.named().test(finding, position)));
  }

  private List<Cell> cells(Handle handle) {
    List<Cell> cells = new ArrayList<>();
    handle
        .createQuery(
            """
            SELECT leaf_index, id, octet_length(body) AS bytes, entry.request IS NOT NULL AS asked
            FROM audit.leaf JOIN audit.entry ON id = entry_id ORDER BY leaf_index
            """)
        .map(
            (row, _) ->
                ofEntry(
                    row.getLong("leaf_index"),
                    row.getLong("id"),
                    row.getInt("bytes"),
                    row.getBoolean("asked")))
        .forEach(cells::addAll);
    handle
        .createQuery("SELECT level, tile_index, octet_length(hashes) AS bytes FROM audit.tile")
        .map(
            (row, _) ->
                ofTile(
                    new TileId(row.getInt("level"), row.getLong("tile_index")),
                    row.getInt("bytes")))
        .forEach(cells::addAll);
    handle
        .createQuery("SELECT tree_size, octet_length(note) AS bytes FROM audit.checkpoint")
        .map((row, _) -> ofCheckpoint(row.getLong("tree_size"), row.getInt("bytes")))
        .forEach(cells::addAll);
    cells.add(
        number(
            "audit.sequencer",
            "tree_size",
            "one",
            (finding, _) -> finding.message().contains("sequencer")));
    return cells;
  }

  private static List<Cell> ofEntry(long index, long id, int bytes, boolean asked) {
    OptionalLong place = OptionalLong.of(index);
    List<Cell> cells = new ArrayList<>();
    cells.add(
        new Cell(
            "the body of entry " + index,
            bytes,
            "UPDATE audit.entry SET body = set_byte(body, :byte, get_byte(body, :byte) # :mask)"
                + " WHERE id = "
                + id,
            at(place)));
    cells.add(number("audit.entry", "id", "id = " + id, place));
    cells.add(number("audit.leaf", "leaf_index", "leaf_index = " + index, place));
    cells.add(number("audit.leaf", "entry_id", "leaf_index = " + index, place));
    if (asked) {
      cells.add(request("audit.entry", "id = " + id, place));
      cells.add(request("audit.leaf", "leaf_index = " + index, place));
    }
    return cells;
  }

  private static Cell request(String table, String where, OptionalLong place) {
    return new Cell(
        "the request in " + table + " where " + where,
        16,
        """
        UPDATE %s SET request =
          encode(set_byte(uuid_send(request), :byte, get_byte(uuid_send(request), :byte) # :mask),
            'hex')::uuid
        WHERE %s
        """
            .formatted(table, where),
        at(place));
  }

  private static BiPredicate<Finding, Integer> at(OptionalLong place) {
    return (finding, _) -> finding.index().equals(place);
  }

  private static Cell number(String table, String column, String where, OptionalLong place) {
    return number(table, column, where, at(place));
  }

  private static Cell number(
      String table, String column, String where, BiPredicate<Finding, Integer> named) {
    return new Cell(
        "%s of %s where %s".formatted(column, table, where),
        Long.BYTES,
        "UPDATE %1$s SET %2$s = %2$s # (:mask::bigint << 8 * :byte) WHERE %3$s"
            .formatted(table, column, where),
        named);
  }

  private static List<Cell> ofTile(TileId id, int bytes) {
    String where = "level = %d AND tile_index = %d".formatted(id.level(), id.index());
    return List.of(
        new Cell(
            "the hashes where " + where,
            bytes,
            "UPDATE audit.tile SET hashes ="
                + " set_byte(hashes, :byte, get_byte(hashes, :byte) # :mask) WHERE "
                + where,
            (finding, position) ->
                finding.index().equals(OptionalLong.of(id.leafBelow(position / Digest32.SIZE)))),
        number("audit.tile", "tile_index", where, OptionalLong.of(id.firstLeaf())));
  }

  private static List<Cell> ofCheckpoint(long treeSize, int bytes) {
    String where = "tree_size = " + treeSize;
    return List.of(
        new Cell(
            "the note where " + where,
            bytes,
            """
            UPDATE audit.checkpoint SET note = convert_from(
              set_byte(convert_to(note, 'UTF8'), :byte,
                get_byte(convert_to(note, 'UTF8'), :byte) # :mask), 'UTF8')
            WHERE %s
            """
                .formatted(where),
            at(OptionalLong.of(treeSize))),
        // It is then the checkpoint of another size, and may be the latest.
        number(
            "audit.checkpoint",
            "tree_size",
            where,
            (finding, _) -> finding.message().contains("checkpoint")));
  }

  private VerificationResult verify(Handle superuser) {
    UnitOfWork within =
        new UnitOfWork() {
          @Override
          public <T> T inTransaction(Function<Transaction, T> work) {
            return work.apply(new HandleTransaction(superuser));
          }
        };
    return new StoredLogVerifier(within, log.signer.verifierKey())
        .verify(List.of(), VerificationProgress.NONE);
  }
}
