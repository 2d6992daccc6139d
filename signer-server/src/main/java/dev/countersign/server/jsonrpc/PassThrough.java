package dev.countersign.server.jsonrpc;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.pipeline.ClientRoom;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Calls that only read, and that any node answers in the same way: they go to the chain's nodes as
/// they came. Whatever is not listed is refused. Filters are not: a node keeps them to itself, and
/// the next call may go to another one.
final class PassThrough {
  private static final Set<String> METHODS =
      Set.of(
          "eth_blobBaseFee",
          "eth_blockNumber",
          "eth_call",
          "eth_createAccessList",
          "eth_estimateGas",
          "eth_feeHistory",
          "eth_gasPrice",
          "eth_getBalance",
          "eth_getBlockByHash",
          "eth_getBlockByNumber",
          "eth_getBlockReceipts",
          "eth_getBlockTransactionCountByHash",
          "eth_getBlockTransactionCountByNumber",
          "eth_getCode",
          "eth_getLogs",
          "eth_getProof",
          "eth_getStorageAt",
          "eth_getTransactionByBlockHashAndIndex",
          "eth_getTransactionByBlockNumberAndIndex",
          "eth_getTransactionByHash",
          "eth_getTransactionCount",
          "eth_getTransactionReceipt",
          "eth_maxPriorityFeePerGas",
          "eth_syncing",
          "net_listening",
          "web3_sha3");

  /// Answers of nodes can be long: so many of them are in memory at a time.
  private static final int MOST_AT_ONCE = 64;

  private static final int MOST_OF_A_CLIENT = 16;

  private final NodePools nodes;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final ClientRoom clients = new ClientRoom(MOST_OF_A_CLIENT);

  PassThrough(NodePools nodes) {
    this.nodes = nodes;
  }

  static boolean isAllowed(String method) {
    return METHODS.contains(method);
  }

  JsonNode call(ClientId client, ChainId chain, String method, Params params) {
    if (!clients.enter(client)) {
      throw busy("client %s has %d".formatted(client, MOST_OF_A_CLIENT));
    }
    try {
      if (!room.tryAcquire()) {
        throw busy("all clients together have %d".formatted(MOST_AT_ONCE));
      }
      try {
        return call(chain, method, params);
      } finally {
        room.release();
      }
    } finally {
      clients.leave(client);
    }
  }

  private static RpcException busy(String who) {
    return RpcError.of(RpcError.LIMIT, who + " calls to nodes at once; try again").thrown();
  }

  private JsonNode call(ChainId chain, String method, Params params) {
    try {
      RpcCall call = new RpcCall(method, List.copyOf(params.all()));
      return switch (nodes.of(chain).passOn(List.of(call)).getFirst()) {
        case RpcAnswer.Result result -> result.value();
        case RpcAnswer.Failure failure ->
            throw new RpcError(
                    failure.code(),
                    failure.message(),
                    failure.data().isEmpty()
                        ? Optional.empty()
                        : Optional.of(JsonNodeFactory.instance.stringNode(failure.data())))
                .thrown();
      };
    } catch (NodeUnavailableException e) {
      throw RpcError.of(RpcError.UNAVAILABLE, "no node answers: " + e.getMessage()).thrown();
    }
  }
}
