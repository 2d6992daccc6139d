package dev.countersign.server.store;

import dev.countersign.core.model.Nonce;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestMove.Admit;
import dev.countersign.core.request.RequestMove.Broadcast;
import dev.countersign.core.request.RequestMove.Cancel;
import dev.countersign.core.request.RequestMove.Confirm;
import dev.countersign.core.request.RequestMove.Deny;
import dev.countersign.core.request.RequestMove.Expire;
import dev.countersign.core.request.RequestMove.Fail;
import dev.countersign.core.request.RequestMove.Hold;
import dev.countersign.core.request.RequestMove.Reject;
import dev.countersign.core.request.RequestMove.Replace;
import dev.countersign.core.request.RequestMove.Revert;
import dev.countersign.core.request.RequestMove.Sign;
import dev.countersign.core.request.RequestMove.SignMessage;
import dev.countersign.core.request.RequestMove.Withdraw;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest.Inclusion;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Makes moves: one statement, whatever kinds are among them.
///
/// The rows are locked first, in the order of their ids, so that two movers of the same requests
/// never wait for each other in a circle; and the lock reads the state as the mover before left it.
final class Moving {
  private static final String SQL =
      """
      WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(:id, :state, :at, :policyVersion, :rule, :reason, :nonce, :payload,
                             :hash, :block, :blockHash, :succeeded, :failure, :onlyFrom, :signature)
        AS row (id, state, at, policy_version, rule, reason, nonce, payload,
                transaction_hash, block_number, block_hash, succeeded, failure, only_from, signature)
      ), locked AS MATERIALIZED (
        SELECT id, state FROM signer.request
        WHERE id = ANY(:id)
        ORDER BY id
        FOR NO KEY UPDATE
      ), legal AS (
        SELECT asked.* FROM asked
        JOIN locked ON locked.id = asked.id
        JOIN signer.legal_move m
          ON m.from_state = locked.state AND m.to_state = asked.state::signer.request_state
        WHERE asked.only_from IS NULL OR locked.state = asked.only_from::signer.request_state
      )
      UPDATE signer.request r SET
        state = legal.state::signer.request_state,
        revision = r.revision + 1,
        updated_at = legal.at,
        policy_version = coalesce(legal.policy_version, r.policy_version),
        rule = coalesce(legal.rule, r.rule),
        reason = coalesce(legal.reason, r.reason),
        nonce = coalesce(legal.nonce, r.nonce),
        payload = coalesce(legal.payload, r.payload),
        transaction_hash = coalesce(legal.transaction_hash, r.transaction_hash),
        block_number = coalesce(legal.block_number, r.block_number),
        block_hash = coalesce(legal.block_hash, r.block_hash),
        succeeded = coalesce(legal.succeeded, r.succeeded),
        failure = coalesce(legal.failure, r.failure),
        signature = coalesce(legal.signature, r.signature)
      FROM legal
      WHERE r.id = legal.id
      RETURNING r.id
      """;

  private Moving() {}

  /// What a move makes known is written; the rest is null and leaves its column alone.
  static Set<SigningRequestId> move(Handle handle, List<RequestMove> moves) {
    return SqlRows.of(moves)
        .uuid("id", move -> move.request().value())
        .text("state", move -> move.to().name())
        .timestamptz("at", RequestMove::at)
        .bigint("policyVersion", Moving::policyVersion)
        .text("rule", Moving::rule)
        .text("reason", Moving::reason)
        .bigint("nonce", Moving::nonce)
        .bytea("payload", move -> move instanceof Admit a ? a.admission().payload() : null)
        .bytea("hash", move -> move instanceof Sign sign ? sign.transactionHash().bytes() : null)
        .bigint("block", move -> inclusion(move).map(Inclusion::blockNumber).orElse(null))
        .bytea(
            "blockHash", move -> inclusion(move).map(one -> one.blockHash().bytes()).orElse(null))
        .bool("succeeded", move -> inclusion(move).map(Inclusion::succeeded).orElse(null))
        .text("failure", Moving::failure)
        .text("onlyFrom", move -> move.onlyFrom().map(RequestState::name).orElse(null))
        .bytea(
            "signature",
            move -> move instanceof SignMessage sign ? sign.signature().ethereum() : null)
        .bindTo(handle.createQuery(SQL))
        .mapTo(UUID.class)
        .map(SigningRequestId::new)
        .collect(Collectors.toSet());
  }

  private static @Nullable Long nonce(RequestMove move) {
    return move instanceof Admit admit
        ? admit.admission().nonce().map(Nonce::value).orElse(null)
        : null;
  }

  private static Optional<Inclusion> inclusion(RequestMove move) {
    return switch (move) {
      case Confirm confirm -> Optional.of(confirm.inclusion());
      case Cancel cancel -> Optional.of(cancel.inclusion());
      case Admit _,
          Deny _,
          Hold _,
          Expire _,
          Reject _,
          Withdraw _,
          Sign _,
          SignMessage _,
          Broadcast _,
          Fail _,
          Revert _,
          Replace _ ->
          Optional.empty();
    };
  }

  private static @Nullable String failure(RequestMove move) {
    return switch (move) {
      case Fail fail -> fail.reason();
      case Revert revert -> revert.reason();
      case Replace replace -> replace.reason();
      case Expire expire -> expire.reason();
      case Reject reject -> reject.reason();
      case Withdraw withdraw -> withdraw.reason();
      case Cancel cancel -> cancel.reason();
      case Admit _, Deny _, Hold _, Sign _, SignMessage _, Broadcast _, Confirm _ -> null;
    };
  }

  private static @Nullable String reason(RequestMove move) {
    return switch (move) {
      case Deny deny -> deny.denial().reason();
      case Hold hold -> hold.holding().reason();
      case Admit _,
          Expire _,
          Reject _,
          Withdraw _,
          Sign _,
          SignMessage _,
          Broadcast _,
          Confirm _,
          Fail _,
          Revert _,
          Cancel _,
          Replace _ ->
          null;
    };
  }

  private static @Nullable Long policyVersion(RequestMove move) {
    return switch (move) {
      case Admit admit -> admit.admission().policyVersion();
      case Deny deny -> deny.denial().policyVersion();
      case Hold hold -> hold.holding().policyVersion();
      case Expire _,
          Reject _,
          Withdraw _,
          Sign _,
          SignMessage _,
          Broadcast _,
          Confirm _,
          Fail _,
          Revert _,
          Cancel _,
          Replace _ ->
          null;
    };
  }

  private static @Nullable String rule(RequestMove move) {
    return switch (move) {
      case Admit admit -> admit.admission().rule();
      case Deny deny -> deny.denial().rule();
      case Hold hold -> hold.holding().rule();
      case Expire _,
          Reject _,
          Withdraw _,
          Sign _,
          SignMessage _,
          Broadcast _,
          Confirm _,
          Fail _,
          Revert _,
          Cancel _,
          Replace _ ->
          null;
    };
  }
}
