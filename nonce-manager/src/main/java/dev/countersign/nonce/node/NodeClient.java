package dev.countersign.nonce.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.BatchRequest;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.exceptions.ClientConnectionException;
import org.web3j.protocol.http.HttpService;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.NullNode;

/// The HTTP side of one endpoint. Safe for concurrent use.
final class NodeClient implements AutoCloseable {
  private static final int IDLE_CONNECTIONS = 16;
  private static final long IDLE_MINUTES = 5;

  /// What gateways answer to a batch that they do not take, or not of this size.
  private static final Set<Integer> REFUSING_STATUS = Set.of(400, 405, 413, 422, 501);

  private final URI endpoint;
  private final HttpService http;
  private final ConnectionPool connectionPool;
  private final BatchLimit batchLimit;
  private final AtomicLong connections = new AtomicLong();

  /// @param http what it shares with other endpoints; connections are its own
  NodeClient(URI endpoint, OkHttpClient http, int batchSize, InstantSource clock) {
    this.endpoint = endpoint;
    this.connectionPool = new ConnectionPool(IDLE_CONNECTIONS, IDLE_MINUTES, TimeUnit.MINUTES);
    this.http =
        new HttpService(
            endpoint.toString(),
            http.newBuilder()
                .connectionPool(connectionPool)
                .eventListener(new Connections(connections))
                .build());
    this.batchLimit = new BatchLimit(batchSize, clock);
  }

  private static final class Connections extends EventListener {
    private final AtomicLong made;

    private Connections(AtomicLong made) {
      this.made = made;
    }

    @Override
    public void connectEnd(
        Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
      made.incrementAndGet();
    }
  }

  /// The endpoint as logs may have it: path and query often hold an access key.
  String shown() {
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    return endpoint.getScheme() + "://" + endpoint.getHost() + port;
  }

  /// How many connections were made so far. Behind a new one may be another node.
  long connections() {
    return connections.get();
  }

  /// The most calls that one HTTP request carries now.
  int batchSize() {
    return batchLimit.size();
  }

  @Override
  public void close() {
    connectionPool.evictAll();
  }

  /// @return one answer for each call, in order
  /// @throws NodeUnavailableException when any of them has none
  List<RpcAnswer> call(List<RpcCall> calls) {
    return call(calls, () -> {});
  }

  /// Calls in order, in as few JSON-RPC batches as the endpoint takes.
  ///
  /// @param heard is run after each HTTP request that was answered
  /// @return one answer for each call, in order
  /// @throws NodeUnavailableException when any of them has none
  List<RpcAnswer> call(List<RpcCall> calls, Runnable heard) {
    List<RpcAnswer> answers = new ArrayList<>(calls.size());
    while (answers.size() < calls.size()) {
      int start = answers.size();
      List<RpcCall> next = calls.subList(start, Math.min(start + batchLimit.size(), calls.size()));
      if (next.size() == 1) {
        answers.add(single(next.getFirst()));
      } else {
        batch(next).ifPresentOrElse(answers::addAll, () -> batchLimit.refused(next.size()));
      }
      heard.run();
    }
    return answers;
  }

  private RpcAnswer single(RpcCall call) {
    Request<Object, RpcResponse> request = request(call, 1);
    try {
      RpcResponse response = http.send(request, RpcResponse.class);
      if (response == null || (response.getError() == null && response.getId() != 1)) {
        throw unavailable("the answer is not that of the JSON-RPC call", null);
      }
      return answer(response);
    } catch (ClientConnectionException e) {
      throw unavailable("HTTP status " + e.getCode(), e);
    } catch (IOException e) {
      throw unavailable(NodeText.shown(String.valueOf(e.getMessage())), e);
    } catch (JacksonException e) {
      throw unavailable("the answer is not that of a JSON-RPC call", e);
    }
  }

  private Request<Object, RpcResponse> request(RpcCall call, long id) {
    Request<Object, RpcResponse> request =
        new Request<>(call.method(), call.parameters(), http, RpcResponse.class);
    request.setId(id);
    return request;
  }

  /// @return nothing when the endpoint refuses such a batch
  private Optional<List<RpcAnswer>> batch(List<RpcCall> calls) {
    BatchRequest batch = new BatchRequest(http);
    for (int i = 0; i < calls.size(); i++) {
      batch.add(request(calls.get(i), i + 1L));
    }
    try {
      List<? extends Response<?>> responses = batch.send().getResponses();
      return isRefusal(calls.size(), responses)
          ? Optional.empty()
          : Optional.of(matched(calls.size(), responses));
    } catch (ClientConnectionException e) {
      if (REFUSING_STATUS.contains(e.getCode())) {
        return Optional.empty();
      }
      throw unavailable("HTTP status " + e.getCode(), e);
    } catch (IOException e) {
      throw unavailable(NodeText.shown(String.valueOf(e.getMessage())), e);
    } catch (ClassCastException _) {
      // One object where a list should be: how several providers refuse a batch.
      return Optional.empty();
    } catch (JacksonException | IndexOutOfBoundsException e) {
      // Not JSON, or more answers than calls.
      throw unavailable("the answer is not that of a JSON-RPC batch", e);
    }
  }

  /// Errors alone, fewer than calls (how geth refuses a batch that is too large) or all of them
  /// about the batch.
  private static boolean isRefusal(int calls, List<? extends Response<?>> responses) {
    return !responses.isEmpty()
        && responses.stream()
            .allMatch(
                response ->
                    response.getError() != null
                        && (responses.size() < calls || isAboutBatches(response.getError())));
  }

  private static boolean isAboutBatches(Response.Error error) {
    return String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT).contains("batch");
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
