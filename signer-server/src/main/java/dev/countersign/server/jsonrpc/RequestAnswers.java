package dev.countersign.server.jsonrpc;

import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.NoncePayloads.Payload;
import dev.countersign.core.request.SigningRequest;
import java.util.List;
import java.util.Optional;
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
  /// @throws RpcException when it is not: it waits, or never will be
  static JsonNode of(SigningRequest request, Optional<NoncePayloads> payloads) {
    return switch (request.state()) {
      case SIGNED, BROADCAST, CONFIRMED -> signed(request, payloads);
      case RECEIVED, ADMITTED, PENDING_APPROVAL, TIME_LOCKED -> throw pending(request);
      case FAILED -> {
        if (request.transactionHash().isPresent()) {
          yield signed(request, payloads);
        }
        throw rejected(request);
      }
      // Of what lost its nonce to a stranger nothing is ever mined.
      case DENIED, REJECTED, EXPIRED, CANCELLED, REPLACED, DROPPED -> throw rejected(request);
    };
  }

  /// [#describe] with what was signed for its nonce: as its hash that of the one that is mined, or
  /// else of the newest, which is the one that is sent; and all that may be mined, the first one
  /// first.
  static ObjectNode describe(SigningRequest request, Optional<NoncePayloads> payloads) {
    ObjectNode node = describe(request);
    payloads.ifPresent(
        all -> {
          node.put("transactionHash", deciding(all));
          ArrayNode hashes = node.putArray("transactionHashes");
          signed(all).forEach(one -> hashes.add(hash(one)));
        });
    return node;
  }

  /// The hash of the one that is mined, or else of the newest.
  private static String deciding(NoncePayloads payloads) {
    List<Payload> signed = signed(payloads);
    return hash(signed.stream().filter(Payload::mined).findFirst().orElse(signed.getLast()));
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
            "request %s is %s%s; it goes on by itself: call again with the same Idempotency-Key, or"
                    .formatted(
                        request.id(),
                        request.state(),
                        reason(request).map(reason -> ": " + reason).orElse(""))
                + " countersign_getRequest with its id",
            Optional.of(describe(request)))
        .thrown();
  }

  private static RpcException rejected(SigningRequest request) {
    return new RpcError(
            RpcError.REJECTED,
            "request %s is %s%s%s"
                .formatted(
                    request.id(),
                    request.state(),
                    rule(request).map(rule -> " by rule " + rule).orElse(""),
                    reason(request).map(reason -> ": " + reason).orElse("")),
            Optional.of(describe(request)))
        .thrown();
  }

  private static JsonNode signed(SigningRequest request, Optional<NoncePayloads> payloads) {
    return JsonNodeFactory.instance.stringNode(
        request
            .signature()
            .map(RecoverableSignature::ethereum)
            .map(Bytes::hex)
            .or(() -> payloads.map(RequestAnswers::deciding))
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
