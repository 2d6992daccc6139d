package dev.countersign.server.jsonrpc;

import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.NoncePayloads.Payload;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.request.SigningRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a request has come to, as the answer of a call.
final class RequestAnswers {
  private RequestAnswers() {}

  /// The hash of the transaction or the signature of the message, once it is signed.
  ///
  /// @param payloads what was signed for its nonce, where that may be more than one transaction:
  /// the hash is that of [#describe] then
  /// @throws RpcException when it is not: it waits, or never will be; also where its cancellation
  /// is what is sent or mined, whose hash is a receipt for nothing
  static JsonNode of(SigningRequest request, Optional<NoncePayloads> payloads) {
    return switch (request.state()) {
      case SIGNED, BROADCAST -> {
        Optional<Payload> cancellation =
            payloads
                .map(all -> deciding(request, all))
                .filter(one -> one.purpose() == PayloadPurpose.CANCELLATION);
        if (cancellation.isPresent()) {
          throw cancelling(request, payloads, cancellation.get());
        }
        yield signed(request, payloads);
      }
      case CONFIRMED -> signed(request, payloads);
      case RECEIVED, ADMITTED, PENDING_APPROVAL, TIME_LOCKED -> throw pending(request);
      case FAILED -> {
        if (request.transactionHash().isPresent()) {
          yield signed(request, payloads);
        }
        throw rejected(request, payloads);
      }
      // Of what lost its nonce to a stranger nothing is ever mined.
      case DENIED, REJECTED, EXPIRED, CANCELLED, REPLACED, DROPPED ->
          throw rejected(request, payloads);
    };
  }

  /// [#describe] with what was signed for its nonce: as its hash that of the one that is mined, or
  /// else of the newest, which is the one that is sent; and all that may be mined, the first one
  /// first.
  static ObjectNode describe(SigningRequest request, Optional<NoncePayloads> payloads) {
    ObjectNode node = describe(request);
    payloads.ifPresent(
        all -> {
          node.put("transactionHash", hash(deciding(request, all)));
          ArrayNode hashes = node.putArray("transactionHashes");
          signed(all).forEach(one -> hashes.add(hash(one)));
        });
    return node;
  }

  /// The one that is mined, or else the newest. Where a request has ended and its chain has taken
  /// that back, the newest of those that it can have ended with: that is sent again.
  private static Payload deciding(SigningRequest request, NoncePayloads payloads) {
    List<Payload> signed = signed(payloads);
    Predicate<Payload> cancels = one -> one.purpose() == PayloadPurpose.CANCELLATION;
    Predicate<Payload> possible =
        switch (request.state()) {
          case CONFIRMED, FAILED -> cancels.negate();
          case CANCELLED -> cancels;
          default -> _ -> true;
        };
    return signed.stream()
        .filter(Payload::mined)
        .findFirst()
        .or(() -> signed.reversed().stream().filter(possible).findFirst())
        .orElse(signed.getLast());
  }

  private static List<Payload> signed(NoncePayloads payloads) {
    return payloads.payloads().stream().filter(one -> one.signed().isPresent()).toList();
  }

  private static String hash(Payload signed) {
    return signed.signed().orElseThrow().hash().hex();
  }

  /// All that it knows itself.
  static ObjectNode describe(SigningRequest request) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", request.id().toString())
            .put("requestId", request.key().requestId())
            .put("state", request.state().name())
            .put("wallet", request.content().wallet().value())
            .put("chain", request.content().chain().caip2());
    rule(request).ifPresent(rule -> node.put("rule", rule));
    reason(request).ifPresent(reason -> node.put("reason", reason));
    request
        .transactionHash()
        .map(Digest32::hex)
        .ifPresent(hash -> node.put("transactionHash", hash));
    request
        .signature()
        .map(RecoverableSignature::ethereum)
        .map(Bytes::hex)
        .ifPresent(signature -> node.put("signature", signature));
    request
        .inclusion()
        .ifPresent(
            inclusion ->
                node.put("blockNumber", "0x" + Long.toHexString(inclusion.blockNumber()))
                    .put("blockHash", inclusion.blockHash().hex())
                    .put("succeeded", inclusion.succeeded()));
    return node;
  }

  /// That it goes on, and how to find it again.
  static RpcException pending(SigningRequest request) {
    return new RpcError(
            RpcError.PENDING,
            "request %s is %s%s; it goes on by itself: call again with Idempotency-Key %s, or"
                    .formatted(
                        request.id(),
                        request.state(),
                        reason(request).map(reason -> ": " + reason).orElse(""),
                        request.key().requestId())
                + " countersign_getRequest with its id",
            Optional.of(describe(request)))
        .thrown();
  }

  private static RpcException cancelling(
      SigningRequest request, Optional<NoncePayloads> payloads, Payload cancellation) {
    String words =
        cancellation.mined()
            ? "request %s is being cancelled: its cancellation %s is mined, and is waited for until"
                + " it is CANCELLED"
            : "request %s is being cancelled: its cancellation %s is sent, and either may be mined";
    return new RpcError(
            cancellation.mined() ? RpcError.REJECTED : RpcError.PENDING,
            words.formatted(request.id(), hash(cancellation)),
            Optional.of(describe(request, payloads)))
        .thrown();
  }

  private static RpcException rejected(SigningRequest request, Optional<NoncePayloads> payloads) {
    return new RpcError(
            RpcError.REJECTED,
            "request %s is %s%s%s"
                .formatted(
                    request.id(),
                    request.state(),
                    rule(request).map(rule -> " by rule " + rule).orElse(""),
                    reason(request).map(reason -> ": " + reason).orElse("")),
            Optional.of(describe(request, payloads)))
        .thrown();
  }

  private static JsonNode signed(SigningRequest request, Optional<NoncePayloads> payloads) {
    return JsonNodeFactory.instance.stringNode(
        request
            .signature()
            .map(RecoverableSignature::ethereum)
            .map(Bytes::hex)
            .or(() -> payloads.map(all -> hash(deciding(request, all))))
            .or(() -> request.transactionHash().map(Digest32::hex))
            .orElseThrow());
  }

  private static Optional<String> rule(SigningRequest request) {
    return request
        .denial()
        .map(SigningRequest.Denial::rule)
        .or(() -> request.holding().map(SigningRequest.Holding::rule))
        .or(() -> request.admission().map(SigningRequest.Admission::rule));
  }

  private static Optional<String> reason(SigningRequest request) {
    return request
        .denial()
        .map(SigningRequest.Denial::reason)
        .or(() -> request.holding().map(SigningRequest.Holding::reason))
        .or(request::failure);
  }
}
