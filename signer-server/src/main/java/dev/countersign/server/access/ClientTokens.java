package dev.countersign.server.access;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.UnitOfWork;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The bearer tokens of clients, in `signer.client_token`. Each call asks for the token it shows,
/// so that what is revoked lets nobody in from then on, on any instance.
public final class ClientTokens {
  private static final String FIND =
      """
      SELECT id, client, expires_at FROM signer.client_token
      WHERE hash = :hash AND revoked_at IS NULL AND expires_at > clock_timestamp()
      """;

  private static final String INSERT =
      """
      INSERT INTO signer.client_token (id, client, hash, issued_at, expires_at)
      VALUES (:id, :client, :hash, :at, :expires)
      """;

  private static final String REVOKE =
      """
      UPDATE signer.client_token SET revoked_at = clock_timestamp()
      WHERE id = :id AND revoked_at IS NULL
      RETURNING id, client, expires_at
      """;

  private static final String LIST =
      """
      SELECT id, client, expires_at FROM signer.client_token
      WHERE revoked_at IS NULL AND expires_at > clock_timestamp()
      ORDER BY issued_at, id
      """;

  private final UnitOfWork unitOfWork;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final SecureRandom random;

  public ClientTokens(
      UnitOfWork unitOfWork, AuditTrail audit, InstantSource clock, SecureRandom random) {
    this.unitOfWork = unitOfWork;
    this.audit = audit;
    this.clock = clock;
    this.random = random;
  }

  /// A token that lets in.
  ///
  /// @param id what it is called; no secret
  public record Valid(UUID id, ClientId client, Instant expires) {}

  /// A new one, with its secret.
  public record Issued(Valid token, BearerToken secret) {}

  /// @return nothing when it is unknown, expired or revoked
  public Optional<Valid> find(BearerToken token) {
    return unitOfWork.inTransaction(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .createQuery(FIND)
                .bind("hash", token.hash().bytes().toArray())
                .map((row, context) -> read(row))
                .findOne());
  }

  /// Makes one, which is in the audit log when this returns.
  public Issued issue(ClientId client, Instant expires, Actor by) {
    BearerToken secret = BearerToken.random(random);
    Instant now = clock.instant();
    Valid token = new Valid(UUID.randomUUID(), client, expires);
    unitOfWork.run(
        transaction -> {
          transaction
              .unwrap(Handle.class)
              .createUpdate(INSERT)
              .bind("id", token.id())
              .bind("client", client.value())
              .bind("hash", secret.hash().bytes().toArray())
              .bind("at", now.atOffset(ZoneOffset.UTC))
              .bind("expires", expires.atOffset(ZoneOffset.UTC))
              .execute();
          audit.append(
              transaction,
              List.of(
                  AuditRecord.of(
                      now,
                      by,
                      new AuditEvent.TokenIssued(token.id().toString(), client, expires))));
        });
    return new Issued(token, secret);
  }

  /// Lets nobody in with it from now on.
  ///
  /// @return nothing when there is none of that id that lets in
  public Optional<Valid> revoke(UUID id, Actor by) {
    return unitOfWork.inTransaction(
        transaction -> {
          Optional<Valid> revoked =
              transaction
                  .unwrap(Handle.class)
                  .createQuery(REVOKE)
                  .bind("id", id)
                  .map((row, context) -> read(row))
                  .findOne();
          revoked.ifPresent(
              token ->
                  audit.append(
                      transaction,
                      List.of(
                          AuditRecord.of(
                              clock.instant(),
                              by,
                              new AuditEvent.TokenRevoked(
                                  token.id().toString(), token.client())))));
          return revoked;
        });
  }

  /// Those that let in, the oldest first.
  public List<Valid> list() {
    return unitOfWork.inTransaction(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .createQuery(LIST)
                .map((row, context) -> read(row))
                .list());
  }

  private static Valid read(ResultSet row) throws SQLException {
    return new Valid(
        row.getObject("id", UUID.class),
        new ClientId(row.getString("client")),
        row.getObject("expires_at", OffsetDateTime.class).toInstant());
  }
}
