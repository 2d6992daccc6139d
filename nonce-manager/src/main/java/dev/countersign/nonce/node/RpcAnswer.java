package dev.countersign.nonce.node;

import tools.jackson.databind.JsonNode;

/// What a node said to one call.
public sealed interface RpcAnswer {

  /// @param value JSON null included
  record Result(JsonNode value) implements RpcAnswer {}

  /// An error of JSON-RPC 2.0, section 5.1.
  ///
  /// @param message the node's own words, without control characters and cut to a bearable length
  /// @param data the JSON text of what came with it, or empty; a JSON string without its quotes
  record Failure(int code, String message, String data) implements RpcAnswer {
    private static final int INVALID_PARAMETERS = -32602;

    /// Whether another node may have a result for the same call: the error is not about what was
    /// asked or what it runs.
    boolean mayBeOfThisNodeAlone() {
      return code != INVALID_PARAMETERS && RevertReason.of(this).isEmpty();
    }
  }

  /// The result, when the call can only fail because the node is not well.
  ///
  /// @throws NodeUnavailableException when it failed
  static JsonNode resultOf(RpcCall call, RpcAnswer answer) {
    return switch (answer) {
      case Result result -> result.value();
      case Failure failure ->
          throw new NodeUnavailableException(
              "%s answered error %d: %s"
                  .formatted(call.method(), failure.code(), failure.message()));
    };
  }
}
