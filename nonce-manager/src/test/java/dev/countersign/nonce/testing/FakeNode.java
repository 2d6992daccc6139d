package dev.countersign.nonce.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A node over HTTP that answers what it is told to, also what no good node would. For what the
/// real one cannot be made to do.
public final class FakeNode implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile boolean reversed;
  private volatile Duration delay = Duration.ZERO;
  private volatile int mostInBatch = Integer.MAX_VALUE;
  private volatile @Nullable Reply reply;

  private record Reply(int status, String body) {}

  public FakeNode() {
    this(0);
  }

  /// @param port of one that was closed, whose place it takes; 0 for any
  public FakeNode(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:%d/v3/secretkey".formatted(server.getAddress().getPort()));
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /// From now on it thinks for so long before it answers.
  public FakeNode slow(Duration delay) {
    this.delay = delay;
    return this;
  }

  /// From now on it takes no batch of more calls than this, and says so as nodes do.
  public FakeNode batchesUpTo(int most) {
    this.mostInBatch = most;
    return this;
  }

  /// The newest block it tells of.
  public FakeNode atBlock(long number) {
    return answer(
        "eth_getBlockByNumber",
        "\"result\": {\"number\": \"0x%x\", \"hash\": \"0x%064x\"}".formatted(number, number));
  }

  /// @param members JSON of what an answer has besides version and id: a result or an error
  public FakeNode answer(String method, String members) {
    answers.put(method, members);
    return this;
  }

  public FakeNode onChain(long id) {
    return answer("eth_chainId", "\"result\": \"0x%x\"".formatted(id));
  }

  /// From now on answers come in the opposite order of the calls.
  public FakeNode reversed() {
    reversed = true;
    return this;
  }

  /// From now on it says this whatever it is asked.
  public void reply(int status, String body) {
    reply = new Reply(status, body);
  }

  /// From now on it answers again.
  public void recover() {
    reply = null;
  }

  /// The methods it was called by, in order.
  public List<String> calls() {
    return List.copyOf(calls);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode question = JSON.readTree(exchange.getRequestBody().readAllBytes());
      Thread.sleep(delay);
      Reply instead = reply;
      int status = instead == null ? 200 : instead.status();
      String body = instead == null ? answer(question) : instead.body();
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String answer(JsonNode question) {
    if (question.isObject()) {
      return JSON.writeValueAsString(answerTo(question));
    }
    if (question.size() > mostInBatch) {
      return mostInBatch <= 1
          ? """
          {"jsonrpc": "2.0", "id": null, "error": {"code": -32600, "message": "no batches"}}\
          """
          : """
          [{"jsonrpc": "2.0", "id": 1, "error": {"code": -32600, "message": "too large"}}]\
          """;
    }
    List<JsonNode> out = new ArrayList<>();
    question.forEach(call -> out.add(answerTo(call)));
    if (reversed) {
      Collections.reverse(out);
    }
    return JSON.writeValueAsString(out);
  }

  private JsonNode answerTo(JsonNode call) {
    String method = call.path("method").stringValue();
    calls.add(method);
    String members =
        answers.getOrDefault(method, "\"error\": {\"code\": -32601, \"message\": \"no method\"}");
    ObjectNode answer = (ObjectNode) JSON.readTree("{\"jsonrpc\": \"2.0\", %s}".formatted(members));
    answer.set("id", call.path("id"));
    return answer;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
