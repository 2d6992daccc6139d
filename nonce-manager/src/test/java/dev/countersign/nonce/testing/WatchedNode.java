package dev.countersign.nonce.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Stands in front of a real node and writes down what it is asked: as another node of the chain,
/// or as a private relay, which takes `eth_sendPrivateTransaction` alone and gives the node what it
/// holds.
public final class WatchedNode implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /// What was asked.
  ///
  /// @param authorization the header of that name, or empty
  public record Asked(String method, JsonNode parameters, String authorization) {}

  private final URI behind;
  private final boolean relay;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile boolean down;
  private volatile boolean keeps;
  private volatile Optional<String> refusal = Optional.empty();

  private WatchedNode(URI behind, boolean relay) {
    this.behind = behind;
    this.relay = relay;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public static WatchedNode node(URI behind) {
    return new WatchedNode(behind, false);
  }

  public static WatchedNode relay(URI behind) {
    return new WatchedNode(behind, true);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// What it was asked by a method.
  public List<Asked> asked(String method) {
    return asked.stream().filter(one -> one.method().equals(method)).toList();
  }

  /// Whether it closes every connection at once.
  public void down(boolean isDown) {
    down = isDown;
  }

  /// Whether it takes transactions and does nothing with them.
  public void keep(boolean isKeeping) {
    keeps = isKeeping;
  }

  /// From now on it takes no transaction, in these words.
  public void refuse(String words) {
    refusal = Optional.of(words);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode question = JSON.readTree(exchange.getRequestBody().readAllBytes());
      if (down) {
        return;
      }
      String authorization =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
      byte[] answer =
          JSON.writeValueAsString(answers(question, authorization))
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonNode answers(JsonNode question, String authorization)
      throws IOException, InterruptedException {
    List<JsonNode> calls = new ArrayList<>();
    if (question.isArray()) {
      question.forEach(calls::add);
    } else {
      calls.add(question);
    }
    ArrayNode answers = JSON.createArrayNode();
    for (JsonNode call : calls) {
      asked.add(new Asked(call.path("method").stringValue(), call.path("params"), authorization));
      answers.add(relay ? relayed((ObjectNode) call) : ask(call));
    }
    return question.isArray() ? answers : answers.get(0);
  }

  private JsonNode relayed(ObjectNode call) throws IOException, InterruptedException {
    if (!call.path("method").stringValue().equals("eth_sendPrivateTransaction")) {
      return failure(call, "the method is not there");
    }
    if (refusal.isPresent()) {
      return failure(call, refusal.get());
    }
    String transaction = call.path("params").path(0).path("tx").stringValue();
    if (keeps) {
      ObjectNode taken = JSON.createObjectNode().put("jsonrpc", "2.0");
      taken.set("id", call.path("id"));
      return taken.put("result", FaultyNode.hash(transaction));
    }
    ObjectNode raw = JSON.createObjectNode().put("jsonrpc", "2.0");
    raw.set("id", call.path("id"));
    raw.put("method", "eth_sendRawTransaction");
    raw.set("params", JSON.createArrayNode().add(transaction));
    return ask(raw);
  }

  private static JsonNode failure(ObjectNode call, String words) {
    ObjectNode failure = JSON.createObjectNode().put("jsonrpc", "2.0");
    failure.set("id", call.path("id"));
    failure.set("error", JSON.createObjectNode().put("code", -32000).put("message", words));
    return failure;
  }

  private JsonNode ask(JsonNode call) throws IOException, InterruptedException {
    return JSON.readTree(
        http.send(
                HttpRequest.newBuilder(behind)
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(call)))
                    .build(),
                BodyHandlers.ofString())
            .body());
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
