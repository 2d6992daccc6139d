package dev.countersign.server.jsonrpc;

import dev.countersign.core.request.Refusal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// An error of JSON-RPC 2.0, section 5.1, with one of the codes of docs/JSON_RPC.md.
record RpcError(int code, String message, Optional<JsonNode> data) {
  static final int PARSE = -32700;
  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int INTERNAL = -32603;

  /// As nodes say it, so that clients tell it.
  static final int INSUFFICIENT_FUNDS = -32000;

  /// EIP-1474, "transaction rejected".
  static final int REJECTED = -32003;

  /// EIP-1474, "method not supported".
  static final int NOT_SUPPORTED = -32004;

  /// EIP-1474, "limit exceeded": nothing was done.
  static final int LIMIT = -32005;

  /// Nothing is known to have happened. Not one of those that clients repeat by themselves.
  static final int UNAVAILABLE = -32010;

  /// It waits for people, for time or for its key, and goes on without the client.
  static final int PENDING = -32050;

  /// The same idempotency key with other content.
  static final int KEY_REUSED = -32051;

  /// As nodes say it, with what the contract returned as data.
  static final int REVERTED = 3;

  /// EIP-1193, "unauthorized".
  static final int UNAUTHORIZED = 4100;

  static RpcError of(int code, String message) {
    return new RpcError(code, message, Optional.empty());
  }

  /// What never became a request.
  static RpcError of(Refusal refusal) {
    return new RpcError(
        switch (refusal.code()) {
          case INSUFFICIENT_FUNDS -> INSUFFICIENT_FUNDS;
          case SIMULATION_REVERTED -> REVERTED;
          case REQUEST_ID_REUSED -> KEY_REUSED;
          case UNAUTHENTICATED, PERMISSION_DENIED, UNKNOWN_WALLET -> UNAUTHORIZED;
          case NODE_UNAVAILABLE,
              UNAVAILABLE,
              BLOBS_UNAVAILABLE,
              PROOF_PENDING,
              ARCHIVE_UNAVAILABLE,
              LANE_PAUSED,
              NO_PRIVATE_RELAY,
              LANE_FULL,
              MARKET_ABOVE_CAP ->
              UNAVAILABLE;
          case UNSUPPORTED_TRANSACTION, UNPROTECTED_LEGACY_TRANSACTION -> NOT_SUPPORTED;
          case TOO_LARGE -> LIMIT;
          case MALFORMED,
              INVALID_ADDRESS,
              INVALID_AMOUNT,
              INVALID_CALL_DATA,
              INVALID_MESSAGE,
              CHAIN_MISMATCH,
              UNKNOWN_CHAIN,
              INVALID_BLOBS,
              UNUSABLE_FEES,
              NOT_FOUND,
              ALREADY_EXISTS,
              APPROVAL_NOT_COUNTED,
              NOT_PENDING,
              NOT_PAUSED,
              FEE_CAP_REACHED,
              REPLACEMENT_DENIED,
              QUORUM_REQUIRED,
              STALE_ETAG,
              INVALID_POLICY,
              PROPOSAL_IMPOSSIBLE ->
              INVALID_PARAMS;
        },
        refusal.code() == Refusal.Code.INSUFFICIENT_FUNDS
            ? "insufficient funds for gas * price + value: " + refusal.message()
            : refusal.message(),
        Optional.of(
            JsonNodeFactory.instance
                .objectNode()
                .put("reason", refusal.code().name())
                .put("field", refusal.field())));
  }

  RpcException thrown() {
    return new RpcException(this);
  }
}
