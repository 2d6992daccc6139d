package dev.countersign.server.store;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.EnvelopeCodec;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.IpAddress;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.RequestLedger.Registration;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.Origin;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.database.SqlRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Stores requests under their idempotency keys: one statement when all are new, a second one to
/// read those that are not.
final class Registering {
  private final Handle handle;

  Registering(Handle handle) {
    this.handle = handle;
  }

  List<Registration> register(List<NewRequest> requests) {
    Map<IdempotencyKey, NewRequest> firstByKey = new LinkedHashMap<>();
    requests.forEach(request -> firstByKey.putIfAbsent(request.key(), request));
    Set<UUID> inserted = insert(firstByKey.values());
    PostgresBlobStore.insert(handle, firstByKey.values(), inserted);
    Map<IdempotencyKey, SigningRequest> stored = new HashMap<>();
    List<IdempotencyKey> known = new ArrayList<>();
    firstByKey.forEach(
        (key, request) -> {
          if (inserted.contains(request.id().value())) {
            stored.put(key, RequestRow.received(request));
          } else {
            known.add(key);
          }
        });
    if (!known.isEmpty()) {
      read(known).forEach(request -> stored.put(request.key(), request));
    }
    return requests.stream()
        .map(request -> registration(request, stored.get(request.key())))
        .toList();
  }

  private static Registration registration(NewRequest asked, @Nullable SigningRequest stored) {
    if (stored == null) {
      throw new IllegalStateException(
          "request_id %s was taken and is gone".formatted(asked.key().requestId()));
    }
    if (stored.id().equals(asked.id())) {
      return new Registration.Fresh(stored);
    }
    return stored.digest().equals(asked.digest())
        ? new Registration.Known(stored)
        : new Registration.Conflicting(stored);
  }

  /// Inserted in the order of their keys, so that two instances that store the same keys wait for
  /// each other and never in a circle.
  private Set<UUID> insert(Collection<NewRequest> requests) {
    List<Row> rows =
        requests.stream().sorted(Comparator.comparing(NewRequest::key)).map(Row::of).toList();
    return SqlRows.of(rows)
        .uuid("id", row -> row.request.id().value())
        .text("client", row -> row.request.key().client().value())
        .text("requestId", row -> row.request.key().requestId())
        .bytea("digest", row -> row.request.digest().bytes())
        .timestamptz("receivedAt", row -> row.request.receivedAt())
        .text("wallet", row -> row.request.content().wallet().value())
        .text("chain", row -> row.request.content().chain().caip2())
        .text("callTo", row -> row.call(call -> call.to().map(Address::hex).orElse(null)))
        .numeric("callValue", row -> row.call(call -> call.value().value()))
        .bytea("callData", row -> row.call(CallEncoder.Call::data))
        .text("messageKind", row -> row.message(message -> MessageKind.of(message).name()))
        .bytea("message", row -> row.message(MessageKind::bytes))
        .numeric("priorityFee", row -> row.fee(fees -> fees.maxPriorityFeePerGas().value()))
        .numeric("maxFee", row -> row.fee(fees -> fees.maxFeePerGas().value()))
        .bigint("gasLimit", row -> row.fee(fees -> fees.gasLimit().units()))
        .text("feeStrategy", row -> row.market(market -> market.strategy().map(Enum::name)))
        .numeric("feeCap", row -> row.market(market -> market.cap().map(Wei::value)))
        .bigint("feeGasLimit", row -> row.market(market -> market.gasLimit().map(GasLimit::units)))
        .bytea(
            "envelope",
            row -> row.request.content().envelope().map(EnvelopeCodec::encode).orElse(null))
        .text("credential", row -> row.origin(origin -> origin.credential().toString()))
        .text("source", row -> row.origin(Row::source))
        .text("roles", row -> row.origin(Origin::roleText))
        .bindTo(
            handle.createQuery(
                """
                INSERT INTO signer.request
                  (id, client, request_id, digest, received_at, updated_at, wallet, chain,
                   call_to, call_value, call_data,
                   max_priority_fee_per_gas, max_fee_per_gas, gas_limit,
                   fee_strategy, fee_cap, fee_gas_limit, envelope,
                   credential, source, roles, message_kind, message)
                SELECT id, client, request_id, digest, at, at, wallet, chain,
                       call_to, call_value, call_data, priority_fee, max_fee, gas_limit,
                       fee_strategy, fee_cap, fee_gas_limit, envelope, credential, source, roles, message_kind, message
                FROM unnest(:id, :client, :requestId, :digest, :receivedAt, :wallet, :chain,
                            :callTo, :callValue, :callData, :priorityFee, :maxFee, :gasLimit,
                            :feeStrategy, :feeCap, :feeGasLimit, :envelope, :credential, :source, :roles, :messageKind, :message)
                     AS row (id, client, request_id, digest, at, wallet, chain,
                             call_to, call_value, call_data, priority_fee, max_fee, gas_limit,
                             fee_strategy, fee_cap, fee_gas_limit, envelope, credential, source, roles, message_kind, message)
                ON CONFLICT (client, request_id) DO NOTHING
                RETURNING id
                """))
        .mapTo(UUID.class)
        .set();
  }

  private record Row(NewRequest request, CallEncoder.@Nullable Call encoded) {
    static Row of(NewRequest request) {
      return new Row(
          request,
          request.content().intent() instanceof Intent.OfTransaction transaction
              ? CallEncoder.encode(transaction)
              : null);
    }

    <T> @Nullable T call(Function<CallEncoder.Call, @Nullable T> part) {
      return encoded == null ? null : part.apply(encoded);
    }

    <T> @Nullable T message(Function<Intent.OfMessage, T> part) {
      return request.content().intent() instanceof Intent.OfMessage message
          ? part.apply(message)
          : null;
    }

    <T> @Nullable T origin(Function<Origin, @Nullable T> part) {
      Origin origin = request.origin().orElse(null);
      return origin == null ? null : part.apply(origin);
    }

    static @Nullable String source(Origin origin) {
      return origin.source().map(IpAddress::toString).orElse(null);
    }

    <T> @Nullable T fee(Function<Fees, T> part) {
      return request.content().fees().map(part).orElse(null);
    }

    <T> @Nullable T market(Function<FeeChoice.ByMarket, Optional<T>> part) {
      return request.content().feeChoice().byMarket().flatMap(part).orElse(null);
    }
  }

  /// A statement of its own, and so with a snapshot that has what the insert waited for.
  private List<SigningRequest> read(List<IdempotencyKey> keys) {
    return SqlRows.of(keys)
        .text("client", key -> key.client().value())
        .text("requestId", IdempotencyKey::requestId)
        .bindTo(
            handle.createQuery(
                """
                SELECT %s FROM unnest(:client, :requestId) AS key (client, request_id)
                JOIN signer.request r USING (client, request_id)
                """
                    .formatted(RequestRow.columnsOf("r"))))
        .map(RequestRow::read)
        .list();
  }
}
