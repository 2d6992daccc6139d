package dev.countersign.nonce.replacement;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.PayloadLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.NoncePayloads.Payload;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.Relaying;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.broadcast.ErrorKind;
import dev.countersign.nonce.lane.InFlight;
import dev.countersign.nonce.lane.WrongTransactionException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Payloads in PostgreSQL: the original in `nonce.transaction`, the others in `nonce.replacement`.
/// The database enforces that they are of one request, come one after the other, and never change.
public final class PostgresPayloadLedger implements PayloadLedger {
  private static final String NONCE =
      """
      SELECT chain, address, nonce, CASE WHEN reopened_at IS NULL THEN state ELSE 'REOPENED' END AS state,
        signed, signed_at, owned_at, most_cost, newest,
        CASE WHEN block_number IS NULL THEN -1 ELSE mined END AS mined,
        refused_as, private, public_after, private_since, public_at
      FROM nonce.transaction WHERE request_id = :request AND signed IS NOT NULL
      """;

  private static final String REPLACEMENTS =
      """
      SELECT ordinal, purpose, unsigned, signed, signed_at, permitted_at, dropped_at
      FROM nonce.replacement WHERE request_id = :request ORDER BY ordinal
      """;

  private static final String LOCK_LANE =
      "SELECT FROM nonce.lane WHERE chain = :chain AND address = :address FOR UPDATE";

  private static final String PERMIT =
      """
      WITH grown AS (
        UPDATE nonce.transaction SET most_cost = greatest(most_cost, :most)
        WHERE request_id = :request
        RETURNING chain, address, nonce
      )
      INSERT INTO nonce.replacement
        (chain, address, nonce, ordinal, request_id, purpose, unsigned, most_cost, permitted_at)
      SELECT chain, address, nonce, :ordinal, :request, :purpose, :unsigned, :most, :now FROM grown
      """;

  /// The nonce first, as whoever sends and tracks it does.
  private static final String LOCK_NONCE =
      """
      SELECT CASE WHEN reopened_at IS NULL THEN state ELSE 'REOPENED' END
      FROM nonce.transaction WHERE request_id = :request FOR UPDATE
      """;

  private static final String SIGN =
      """
      WITH signed AS (
        UPDATE nonce.replacement SET signed = :signed, hash = :hash, signed_at = :now
        WHERE request_id = :request AND ordinal = :ordinal AND signed IS NULL
          AND dropped_at IS NULL
        RETURNING request_id
      )
      UPDATE nonce.transaction t
      SET newest = :ordinal, due_at = :now, attempts = 0, last_error = NULL, refused_as = NULL
      FROM signed s WHERE t.request_id = s.request_id
      """;

  private static final String DROP =
      """
      UPDATE nonce.replacement SET dropped_at = :now, drop_reason = :reason
      WHERE request_id = :request AND ordinal = :ordinal AND signed IS NULL AND dropped_at IS NULL
      """;

  private static final String CLAIM_UNSIGNED =
      """
      WITH due AS (
        SELECT chain, address, nonce, ordinal FROM nonce.replacement
        WHERE signed IS NULL AND dropped_at IS NULL
          AND permitted_at <= :untouched
          AND (leased_until IS NULL OR leased_until <= clock_timestamp())
        ORDER BY coalesce(leased_until, permitted_at)
        LIMIT :limit FOR UPDATE SKIP LOCKED
      )
      UPDATE nonce.replacement r
      SET leased_until = clock_timestamp() + make_interval(secs => :lease)
      FROM due d
      WHERE (r.chain, r.address, r.nonce, r.ordinal) = (d.chain, d.address, d.nonce, d.ordinal)
      RETURNING r.request_id, r.ordinal, r.purpose, r.unsigned,
        (SELECT before.unsigned FROM nonce.replacement before
         WHERE (before.chain, before.address, before.nonce) = (r.chain, r.address, r.nonce)
           AND before.signed IS NOT NULL
         ORDER BY before.ordinal DESC LIMIT 1) AS replaces
      """;

  /// Only what nothing before it in its lane keeps waiting: a nonce that is not signed yet does.
  /// And only what has not ended once: its request has, and nothing may take its place.
  private static final String CLAIM_STUCK =
      """
      WITH stuck AS (
        SELECT t.chain, t.address, t.nonce FROM nonce.transaction t
        WHERE t.chain = :chain AND t.state IN ('SIGNED', 'BROADCAST') AND t.reopened_at IS NULL
          AND (t.look_after IS NULL OR t.look_after <= :now)
          AND coalesce(
            (SELECT max(r.signed_at) FROM nonce.replacement r
             WHERE (r.chain, r.address, r.nonce) = (t.chain, t.address, t.nonce)),
            t.signed_at) <= :before
          AND NOT EXISTS (
            SELECT FROM nonce.transaction earlier
            WHERE (earlier.chain, earlier.address) = (t.chain, t.address)
              AND earlier.nonce < t.nonce AND earlier.state IN ('OWNED', 'SIGNED', 'BROADCAST'))
        ORDER BY t.chain, t.address, t.nonce
        LIMIT :limit FOR UPDATE OF t SKIP LOCKED
      )
      UPDATE nonce.transaction t SET look_after = :again
      FROM stuck s WHERE (t.chain, t.address, t.nonce) = (s.chain, s.address, s.nonce)
      RETURNING t.request_id, t.refused_as
      """;

  private static final Set<String> TOO_CHEAP =
      Set.of(ErrorKind.UNDERPRICED.name(), ErrorKind.REPLACEMENT_UNDERPRICED.name());

  private final UnitOfWork unitOfWork;
  private final InstantSource clock;

  public PostgresPayloadLedger(UnitOfWork unitOfWork, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.clock = clock;
  }

  @Override
  public Optional<NoncePayloads> find(SigningRequestId request) {
    return unitOfWork.inTransaction(transaction -> read(handle(transaction), request, ""));
  }

  @Override
  public Optional<NoncePayloads> lock(
      Transaction transaction, Lane lane, SigningRequestId request) {
    Handle handle = handle(transaction);
    handle
        .createQuery(LOCK_LANE)
        .bind("chain", lane.chain().caip2())
        .bind("address", lane.address().hex())
        .map((row, context) -> true)
        .list();
    return read(handle, request, " FOR UPDATE");
  }

  @Override
  public BigInteger available(Transaction transaction, Account account) {
    return InFlight.left(handle(transaction), account);
  }

  @Override
  public void permit(
      Transaction transaction,
      ReplacementId id,
      PayloadPurpose purpose,
      Bytes unsigned,
      BigInteger most) {
    int inserted =
        handle(transaction)
            .createUpdate(PERMIT)
            .bind("request", id.request().value())
            .bind("ordinal", id.ordinal())
            .bind("purpose", purpose.name())
            .bind("unsigned", unsigned.toArray())
            .bind("most", new BigDecimal(most))
            .bind("now", clock.instant())
            .execute();
    if (inserted != 1) {
      throw new WrongTransactionException(id + ": its request owns no nonce");
    }
  }

  @Override
  public boolean recordSigned(Transaction transaction, ReplacementId id, SignedTransaction signed) {
    Handle handle = handle(transaction);
    boolean open =
        handle
            .createQuery(LOCK_NONCE)
            .bind("request", id.request().value())
            .mapTo(String.class)
            .findOne()
            .filter(state -> state.equals("SIGNED") || state.equals("BROADCAST"))
            .isPresent();
    return open
        && handle
                .createUpdate(SIGN)
                .bind("request", id.request().value())
                .bind("ordinal", id.ordinal())
                .bind("signed", signed.bytes().toArray())
                .bind("hash", signed.hash().hex())
                .bind("now", clock.instant())
                .execute()
            == 1;
  }

  @Override
  public boolean drop(Transaction transaction, ReplacementId id, String reason) {
    return handle(transaction)
            .createUpdate(DROP)
            .bind("request", id.request().value())
            .bind("ordinal", id.ordinal())
            .bind("reason", reason)
            .bind("now", clock.instant())
            .execute()
        == 1;
  }

  @Override
  public List<Unsigned> claimUnsigned(
      Transaction transaction,
      Duration untouched,
      Duration lease,
      Set<ReplacementId> except,
      int limit) {
    return handle(transaction)
        .createQuery(CLAIM_UNSIGNED)
        .bind("untouched", clock.instant().minus(untouched))
        .bind("lease", lease.toMillis() / 1_000.0)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Unsigned(
                    new ReplacementId(request(row), row.getInt("ordinal")),
                    PayloadPurpose.valueOf(row.getString("purpose")),
                    Bytes.of(row.getBytes("unsigned")),
                    Optional.ofNullable(row.getBytes("replaces")).map(Bytes::of)))
        .filter(unsigned -> !except.contains(unsigned.id()))
        .list();
  }

  @Override
  public List<Stuck> claimStuck(
      Transaction transaction, ChainId chain, Duration after, Duration lease, int limit) {
    Instant now = clock.instant();
    return handle(transaction)
        .createQuery(CLAIM_STUCK)
        .bind("chain", chain.caip2())
        .bind("now", now)
        .bind("before", now.minus(after))
        .bind("again", now.plus(lease))
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Stuck(
                    request(row),
                    Optional.ofNullable(row.getString("refused_as"))
                        .filter(TOO_CHEAP::contains)
                        .isPresent()))
        .list();
  }

  private static Optional<NoncePayloads> read(
      Handle handle, SigningRequestId request, String locking) {
    return handle
        .createQuery(NONCE + locking)
        .bind("request", request.value())
        .map((row, context) -> NonceRow.read(row))
        .findOne()
        .map(
            row -> {
              List<Payload> payloads = new ArrayList<>();
              payloads.add(row.original());
              // A statement of its own after the lock, so that it sees what the lock was waited
              // for.
              handle
                  .createQuery(REPLACEMENTS)
                  .bind("request", request.value())
                  .map((each, context) -> row.replacement(each))
                  .forEach(payloads::add);
              return new NoncePayloads(
                  request,
                  row.lane(),
                  row.nonce(),
                  row.state(),
                  payloads,
                  row.mostCost(),
                  ErrorKind.REPLACEMENT_UNDERPRICED.name().equals(row.refusedAs()),
                  row.relaying());
            });
  }

  /// @param minedOrdinal the payload that is mined, or -1
  private record NonceRow(
      Lane lane,
      Nonce nonce,
      NoncePayloads.State state,
      Bytes signed,
      Instant signedAt,
      Instant ownedAt,
      BigInteger mostCost,
      int minedOrdinal,
      @Nullable String refusedAs,
      Optional<Relaying> relaying) {

    static NonceRow read(ResultSet row) throws SQLException {
      return new NonceRow(
          new Lane(new ChainId(row.getString("chain")), new Address(row.getString("address"))),
          new Nonce(row.getLong("nonce")),
          switch (row.getString("state")) {
            case "MINED" -> NoncePayloads.State.MINED;
            case "SIGNED", "BROADCAST" -> NoncePayloads.State.OPEN;
            // CONFIRMED, REVERTED, FOREIGN, REOPENED: nothing can take its place.
            default -> NoncePayloads.State.ENDED;
          },
          Bytes.of(row.getBytes("signed")),
          instant(row, "signed_at").orElseThrow(),
          instant(row, "owned_at").orElseThrow(),
          row.getBigDecimal("most_cost").toBigIntegerExact(),
          row.getInt("mined"),
          row.getString("refused_as"),
          row.getBoolean("private")
              ? Optional.of(
                  new Relaying(
                      number(row, "public_after"),
                      number(row, "private_since"),
                      number(row, "public_at")))
              : Optional.empty());
    }

    private static OptionalLong number(ResultSet row, String column) throws SQLException {
      long value = row.getLong(column);
      return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    Payload original() {
      return new Payload(
          0,
          PayloadPurpose.ORIGINAL,
          Optional.empty(),
          Optional.of(new SignedTransaction(signed)),
          ownedAt,
          Optional.of(signedAt),
          false,
          isMined(0));
    }

    Payload replacement(ResultSet row) throws SQLException {
      int ordinal = row.getInt("ordinal");
      return new Payload(
          ordinal,
          PayloadPurpose.valueOf(row.getString("purpose")),
          Optional.of(Bytes.of(row.getBytes("unsigned"))),
          Optional.ofNullable(row.getBytes("signed"))
              .map(bytes -> new SignedTransaction(Bytes.of(bytes))),
          instant(row, "permitted_at").orElseThrow(),
          instant(row, "signed_at"),
          instant(row, "dropped_at").isPresent(),
          isMined(ordinal));
    }

    private boolean isMined(int ordinal) {
      return minedOrdinal == ordinal;
    }
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static SigningRequestId request(ResultSet row) throws SQLException {
    return new SigningRequestId(row.getObject("request_id", UUID.class));
  }

  private static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }
}
