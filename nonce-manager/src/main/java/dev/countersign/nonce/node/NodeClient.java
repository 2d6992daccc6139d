package dev.countersign.nonce.node;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.BatchRequest;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.exceptions.ClientConnectionException;
import org.web3j.protocol.http.HttpService;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.NullNode;

/// One endpoint. Safe for concurrent use.
final class NodeClient {
  private final URI endpoint;
  private final HttpService http;
  private final int batchSize;

  NodeClient(URI endpoint, OkHttpClient http, int batchSize) {
    this.endpoint = endpoint;
    this.http = new HttpService(endpoint.toString(), http);
    this.batchSize = batchSize;
  }

  /// The endpoint as logs may have it: path and query often hold an access key.
  String shown() {
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    return endpoint.getScheme() + "://" + endpoint.getHost() + port;
  }

  /// Calls in order, in as few JSON-RPC batches as the batch size allows.
  ///
  /// @return one answer for each call, in order
  /// @throws NodeUnavailableException when any of them has none
  List<RpcAnswer> call(List<RpcCall> calls) {
    List<RpcAnswer> answers = new ArrayList<>(calls.size());
    for (int start = 0; start < calls.size(); start += batchSize) {
      answers.addAll(batch(calls.subList(start, Math.min(start + batchSize, calls.size()))));
    }
    return answers;
  }

  private List<RpcAnswer> batch(List<RpcCall> calls) {
    BatchRequest batch = new BatchRequest(http);
    for (int i = 0; i < calls.size(); i++) {
      Request<Object, RpcResponse> request =
          new Request<>(calls.get(i).method(), calls.get(i).parameters(), http, RpcResponse.class);
      request.setId(i + 1L);
      batch.add(request);
    }
    return matched(calls.size(), send(batch));
  }

  private List<? extends Response<?>> send(BatchRequest batch) {
    try {
      return batch.send().getResponses();
    } catch (ClientConnectionException e) {
      throw unavailable("HTTP status " + e.getCode(), e);
    } catch (IOException e) {
      throw unavailable(NodeText.shown(String.valueOf(e.getMessage())), e);
    } catch (JacksonException | ClassCastException | IndexOutOfBoundsException e) {
      // Not JSON, one object where a list should be (how several providers refuse a batch), or more
      // answers than calls.
      throw unavailable("the answer is not that of a JSON-RPC batch", e);
    }
  }

  /// Answers may come in any order (JSON-RPC 2.0, section 6): only their id says whose they are.
  private List<RpcAnswer> matched(int calls, List<? extends Response<?>> responses) {
    Map<Long, RpcAnswer> byId = new HashMap<>();
    for (Response<?> response : responses) {
      byId.put(response.getId(), answer((RpcResponse) response));
    }
    List<RpcAnswer> answers = new ArrayList<>(calls);
    for (long id = 1; id <= calls; id++) {
      RpcAnswer answer = byId.get(id);
      if (answer == null) {
        throw unavailable(
            "%d answers to %d calls, none to number %d".formatted(responses.size(), calls, id),
            null);
      }
      answers.add(answer);
    }
    return answers;
  }

  private static RpcAnswer answer(RpcResponse response) {
    Response.@Nullable Error error = response.getError();
    if (error != null) {
      return new RpcAnswer.Failure(
          error.getCode(),
          NodeText.shown(String.valueOf(error.getMessage())),
          unquoted(error.getData()));
    }
    return new RpcAnswer.Result(
        response.getResult() == null ? NullNode.getInstance() : response.getResult());
  }

  private static String unquoted(@Nullable String json) {
    if (json == null) {
      return "";
    }
    boolean quoted = json.length() >= 2 && json.startsWith("\"") && json.endsWith("\"");
    return quoted ? json.substring(1, json.length() - 1) : json;
  }

  private NodeUnavailableException unavailable(String problem, @Nullable Throwable cause) {
    String text = shown() + ": " + problem;
    return cause == null
        ? new NodeUnavailableException(text)
        : new NodeUnavailableException(text, cause);
  }
}
