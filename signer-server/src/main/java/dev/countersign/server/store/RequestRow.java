package dev.countersign.server.store;

import dev.countersign.core.decision.Hold;
import dev.countersign.core.evm.CallDecoder;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.EnvelopeCodec;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.IpAddress;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.RequestLedger.StateChange;
import dev.countersign.core.request.Credential;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.Origin;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;

/// A row of `signer.request`, read.
///
/// What was asked is stored as the call that carries it, so it reads back as what that call means:
/// a contract call that is a token transfer reads back as one.
final class RequestRow {
  /// Every column of a request.
  static final String COLUMNS = columnsOf("request");

  private RequestRow() {}

  /// Every column of a request, of the table under that name.
  static String columnsOf(String table) {
    return """
    %1$s.id, %1$s.client, %1$s.request_id, %1$s.digest, %1$s.received_at, %1$s.updated_at,
    %1$s.wallet, %1$s.chain, %1$s.message_kind, %1$s.message, %1$s.signature, %1$s.call_to, %1$s.call_value, %1$s.call_data,
    %1$s.max_priority_fee_per_gas, %1$s.max_fee_per_gas, %1$s.gas_limit, %1$s.envelope,
    %1$s.fee_strategy, %1$s.fee_cap, %1$s.fee_gas_limit,
    %1$s.credential, %1$s.source, %1$s.roles,
    %1$s.state::text AS state, %1$s.policy_version, %1$s.rule, %1$s.reason, %1$s.nonce, %1$s.payload,
    %1$s.transaction_hash, %1$s.block_number, %1$s.block_hash, %1$s.succeeded, %1$s.failure
    """
        .formatted(table);
  }

  /// The row of a request that was just stored.
  static SigningRequest received(NewRequest request) {
    Instant at = request.receivedAt().truncatedTo(ChronoUnit.MICROS);
    return new SigningRequest(
        request.id(),
        request.key(),
        request.digest(),
        request.content(),
        request.origin(),
        RequestState.RECEIVED,
        at,
        at,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static SigningRequest read(ResultSet row, StatementContext context) throws SQLException {
    RequestState state = RequestState.valueOf(row.getString("state"));
    return new SigningRequest(
        new SigningRequestId(row.getObject("id", UUID.class)),
        new IdempotencyKey(new ClientId(row.getString("client")), row.getString("request_id")),
        Digest32.of(row.getBytes("digest")),
        content(row),
        has(row, "credential") ? Optional.of(origin(row)) : Optional.empty(),
        state,
        instant(row, "received_at"),
        instant(row, "updated_at"),
        RequestState.WAITING.contains(state) ? Optional.of(holding(row, state)) : Optional.empty(),
        has(row, "payload") ? Optional.of(admission(row)) : Optional.empty(),
        state == RequestState.DENIED ? Optional.of(denial(row)) : Optional.empty(),
        hash(row, "transaction_hash"),
        has(row, "block_number") ? Optional.of(inclusion(row)) : Optional.empty(),
        Optional.ofNullable(row.getString("failure")),
        has(row, "signature")
            ? Optional.of(RecoverableSignature.ofEthereum(Bytes.of(row.getBytes("signature"))))
            : Optional.empty());
  }

  static PostgresRequestLedger.Revision readRevision(ResultSet row, StatementContext context)
      throws SQLException {
    return new PostgresRequestLedger.Revision(
        new SigningRequestId(row.getObject("request", UUID.class)),
        row.getInt("revision"),
        new StateChange(RequestState.valueOf(row.getString("state")), instant(row, "at")));
  }

  static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static RequestContent content(ResultSet row) throws SQLException {
    String kind = row.getString("message_kind");
    if (kind != null) {
      byte[] message = row.getBytes("message");
      return RequestContent.ofMessage(
          new WalletId(row.getString("wallet")),
          new ChainId(row.getString("chain")),
          switch (MessageKind.valueOf(kind)) {
            case PERSONAL -> new Intent.PersonalMessage(Bytes.of(message));
            case TYPED_DATA -> new Intent.TypedData(new String(message, StandardCharsets.UTF_8));
          });
    }
    CallEncoder.Call call =
        new CallEncoder.Call(
            Optional.ofNullable(row.getString("call_to")).map(Address::new),
            wei(row, "call_value"),
            Bytes.of(row.getBytes("call_data")));
    return new RequestContent(
        new WalletId(row.getString("wallet")),
        new ChainId(row.getString("chain")),
        CallDecoder.decode(call),
        has(row, "gas_limit") ? new FeeChoice.Exact(fees(row)) : byMarket(row),
        Optional.ofNullable(row.getBytes("envelope")).map(Bytes::of).map(EnvelopeCodec::decode));
  }

  private static Origin origin(ResultSet row) throws SQLException {
    return new Origin(
        Credential.parse(row.getString("credential")),
        Optional.ofNullable(row.getString("source")).map(IpAddress::parse),
        Origin.rolesOf(row.getString("roles")));
  }

  private static Fees fees(ResultSet row) throws SQLException {
    return new Fees(
        wei(row, "max_priority_fee_per_gas"),
        wei(row, "max_fee_per_gas"),
        new GasLimit(row.getLong("gas_limit")));
  }

  private static FeeChoice byMarket(ResultSet row) throws SQLException {
    return new FeeChoice.ByMarket(
        Optional.ofNullable(row.getString("fee_strategy")).map(FeeStrategy::valueOf),
        has(row, "fee_cap") ? Optional.of(wei(row, "fee_cap")) : Optional.empty(),
        has(row, "fee_gas_limit")
            ? Optional.of(new GasLimit(row.getLong("fee_gas_limit")))
            : Optional.empty());
  }

  private static SigningRequest.Admission admission(ResultSet row) throws SQLException {
    return new SigningRequest.Admission(
        has(row, "nonce") ? Optional.of(new Nonce(row.getLong("nonce"))) : Optional.empty(),
        Bytes.of(row.getBytes("payload")),
        row.getLong("policy_version"),
        row.getString("rule"));
  }

  private static SigningRequest.Holding holding(ResultSet row, RequestState state)
      throws SQLException {
    return new SigningRequest.Holding(
        state == RequestState.TIME_LOCKED ? Hold.Kind.TIME_LOCK : Hold.Kind.APPROVALS,
        row.getLong("policy_version"),
        row.getString("rule"),
        row.getString("reason"));
  }

  private static SigningRequest.Denial denial(ResultSet row) throws SQLException {
    return new SigningRequest.Denial(
        row.getLong("policy_version"), row.getString("rule"), row.getString("reason"));
  }

  private static SigningRequest.Inclusion inclusion(ResultSet row) throws SQLException {
    return new SigningRequest.Inclusion(
        row.getLong("block_number"),
        Digest32.of(row.getBytes("block_hash")),
        row.getBoolean("succeeded"));
  }

  private static Wei wei(ResultSet row, String column) throws SQLException {
    return new Wei(row.getBigDecimal(column).toBigIntegerExact());
  }

  private static Optional<Digest32> hash(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getBytes(column)).map(Digest32::of);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static boolean has(ResultSet row, String column) throws SQLException {
    return row.getObject(column) != null;
  }
}
