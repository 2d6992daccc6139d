package dev.countersign.policy.freeze;

import dev.countersign.core.decision.ThawSeals;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.FreezeId;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.freeze.FrozenScopes;
import dev.countersign.core.model.Bytes;
import dev.countersign.database.SqlRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tables of freezes and thaws. A thaw counts by its seal alone.
final class FreezeRows {
  private static final Logger LOG = LoggerFactory.getLogger(FreezeRows.class);
  private static final String ALL =
      """
      SELECT id, scope, reason, frozen_by, frozen_at,
        ARRAY (SELECT seal FROM policy.thaw WHERE thaw.frozen = id) AS seals
      FROM policy.frozen ORDER BY number
      """;
  private static final String ONE =
      """
      SELECT id, scope, reason, frozen_by, frozen_at,
        ARRAY (SELECT seal FROM policy.thaw WHERE thaw.frozen = id) AS seals
      FROM policy.frozen WHERE id = :id
      """;
  private static final String FREEZE =
      """
      INSERT INTO policy.frozen (id, scope, reason, frozen_by, frozen_at)
      VALUES (:id, :scope, :reason, :by, CAST(:at AS timestamptz))
      """;
  private static final String THAW =
      """
      INSERT INTO policy.thaw (frozen, expires, evidence, thawed_at, seal)
      VALUES (:frozen, CAST(:expires AS timestamptz), :evidence, CAST(:at AS timestamptz), :seal)
      """;

  private final ThawSeals seals;

  FreezeRows(ThawSeals seals) {
    this.seals = seals;
  }

  /// @param isThawed by a row that this deployment wrote
  record Stored(Freeze freeze, boolean isThawed) {}

  /// What is frozen.
  ///
  /// @param known to be frozen before; each of them that has no thaw is frozen still, even when its
  /// row is gone
  FrozenScopes frozen(Handle handle, FrozenScopes known) {
    List<Stored> all = handle.createQuery(ALL).map((row, context) -> stored(row)).list();
    Set<FreezeId> stored = all.stream().map(one -> one.freeze().id()).collect(Collectors.toSet());
    List<Freeze> frozen = new ArrayList<>();
    for (Freeze freeze : known.freezes()) {
      if (!stored.contains(freeze.id())) {
        LOG.error(
            "ALARM: the row of freeze {} of {} is gone from the database, which only its owner can"
                + " bring about. It stays frozen here as long as this instance runs.",
            freeze.id(),
            freeze.scope().text());
        frozen.add(freeze);
      }
    }
    all.stream().filter(one -> !one.isThawed()).map(Stored::freeze).forEach(frozen::add);
    return new FrozenScopes(frozen);
  }

  Optional<Stored> find(Handle handle, FreezeId id) {
    return handle
        .createQuery(ONE)
        .bind("id", id.value())
        .map((row, context) -> stored(row))
        .findOne();
  }

  void insert(Handle handle, Freeze freeze) {
    handle
        .createUpdate(FREEZE)
        .bind("id", freeze.id().value())
        .bind("scope", freeze.scope().text())
        .bind("reason", freeze.reason().value())
        .bind("by", freeze.by())
        .bind("at", freeze.at().toString())
        .execute();
  }

  void thaw(Handle handle, Freeze freeze, Instant expires, List<Bytes> evidence, Instant at) {
    SqlRows.of(evidence)
        .bytea("evidence", approval -> approval)
        .bindTo(handle.createUpdate(THAW))
        .bind("frozen", freeze.id().value())
        .bind("expires", expires.toString())
        .bind("at", at.toString())
        .bind("seal", seals.seal(freeze.id()).toArray())
        .execute();
  }

  private Stored stored(ResultSet row) throws SQLException {
    Freeze freeze =
        new Freeze(
            new FreezeId(row.getObject("id", UUID.class)),
            FreezeScope.parse(row.getString("scope")),
            new FreezeReason(row.getString("reason")),
            row.getString("frozen_by"),
            row.getObject("frozen_at", OffsetDateTime.class).toInstant());
    return new Stored(freeze, isThawed(freeze, (byte[][]) row.getArray("seals").getArray()));
  }

  /// Whoever writes wrong seals into the table does not keep a right one from counting.
  private boolean isThawed(Freeze freeze, byte[][] found) {
    for (byte[] seal : found) {
      if (seals.isGenuine(freeze.id(), Bytes.of(seal))) {
        return true;
      }
    }
    if (found.length > 0) {
      LOG.error(
          "ALARM: the thaw of freeze {} of {} is not sealed by the permit key. Somebody else wrote"
              + " it, or this instance has another key. It stays frozen.",
          freeze.id(),
          freeze.scope().text());
    }
    return false;
  }
}
