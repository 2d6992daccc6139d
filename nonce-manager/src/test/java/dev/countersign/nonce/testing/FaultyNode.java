package dev.countersign.nonce.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Keccak;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// A node that is really another one, seen through a bad connection or a bad character: it delays,
/// hangs, cuts, stands still or lies. Several in front of one chain are several nodes of that
/// chain.
public final class FaultyNode implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final URI behind;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, UnaryOperator<JsonNode>> lies = new ConcurrentHashMap<>();
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean cut;
  private volatile boolean swallows;
  private volatile CountDownLatch hanging = new CountDownLatch(0);
  private volatile OptionalLong standsAt = OptionalLong.empty();

  /// @param behind the real node
  public FaultyNode(URI behind) {
    this.behind = behind;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// From now on every answer takes longer.
  public void delay(Duration by) {
    delay = by;
  }

  /// From now on it takes questions and does not answer.
  public void hang() {
    hanging = new CountDownLatch(1);
  }

  /// From now on it closes every connection at once.
  public void cut() {
    cut = true;
  }

  /// From now on it knows no block after this one.
  public void standStillAt(long block) {
    standsAt = OptionalLong.of(block);
  }

  /// From now on the results of a method are what this makes of the real ones.
  public void lie(String method, UnaryOperator<JsonNode> lie) {
    lies.put(method, lie);
  }

  /// From now on it takes transactions and tells nobody of them.
  public void swallow() {
    swallows = true;
  }

  /// From now on it is as good as the node behind it.
  public void heal() {
    delay = Duration.ZERO;
    cut = false;
    swallows = false;
    hanging.countDown();
    standsAt = OptionalLong.empty();
    lies.clear();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode question = JSON.readTree(exchange.getRequestBody().readAllBytes());
      Thread.sleep(delay);
      hanging.await();
      if (cut) {
        return;
      }
      byte[] answer = JSON.writeValueAsString(answers(question)).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonNode answers(JsonNode question) throws IOException, InterruptedException {
    if (question.isObject()) {
      return answer((ObjectNode) question);
    }
    ArrayNode answers = JSON.createArrayNode();
    for (JsonNode call : question) {
      answers.add(answer((ObjectNode) call));
    }
    return answers;
  }

  private JsonNode answer(ObjectNode call) throws IOException, InterruptedException {
    if (swallows && call.path("method").stringValue().equals("eth_sendRawTransaction")) {
      ObjectNode taken = JSON.createObjectNode().put("jsonrpc", "2.0");
      taken.set("id", call.path("id"));
      return taken.put("result", hash(call.path("params").path(0).stringValue()));
    }
    OptionalLong stands = standsAt;
    if (stands.isPresent()) {
      standStill((ArrayNode) call.path("params"), stands.getAsLong());
    }
    ObjectNode answer = (ObjectNode) JSON.readTree(ask(JSON.writeValueAsString(call)));
    JsonNode result = answer.path("result");
    if (stands.isPresent() && isAfter(result, stands.getAsLong())) {
      answer.set("result", NullNode.getInstance());
    }
    UnaryOperator<JsonNode> lie = lies.get(call.path("method").stringValue());
    if (lie != null && answer.has("result")) {
      answer.set("result", lie.apply(answer.path("result")));
    }
    return answer;
  }

  static String hash(String transaction) {
    return Keccak.hash(Bytes.fromHex(transaction).toArray()).hex();
  }

  private static void standStill(ArrayNode parameters, long block) {
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).isString() && parameters.get(i).stringValue().equals("latest")) {
        parameters.set(i, JSON.valueToTree("0x" + Long.toHexString(block)));
      }
    }
  }

  /// Whether a block or a receipt is of a later block.
  private static boolean isAfter(JsonNode result, long block) {
    JsonNode number = result.path(result.has("blockNumber") ? "blockNumber" : "number");
    return number.isString() && Long.decode(number.stringValue()) > block;
  }

  private String ask(String call) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(behind)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(call))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() {
    heal();
    server.stop(0);
    http.close();
  }
}
