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
import java.util.Optional;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A node of its own address that stands in front of a real one.
abstract class NodeInFront implements AutoCloseable {
  static final JsonMapper JSON = new JsonMapper();

  private final URI behind;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  NodeInFront(URI behind) {
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

  public final URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// Whether it answers the question that has come, and does not close the connection.
  abstract boolean isAnswering() throws InterruptedException;

  /// Whether it says that a question of so many bytes is too large.
  boolean isTooLarge(int bytes) {
    return false;
  }

  /// @param authorization the header of that name, or empty
  abstract JsonNode answer(ObjectNode call, String authorization)
      throws IOException, InterruptedException;

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (isTooLarge(body.length)) {
        exchange.sendResponseHeaders(413, -1);
        return;
      }
      JsonNode question = JSON.readTree(body);
      if (!isAnswering()) {
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
    if (question.isObject()) {
      return answer((ObjectNode) question, authorization);
    }
    ArrayNode answers = JSON.createArrayNode();
    for (JsonNode call : question) {
      answers.add(answer((ObjectNode) call, authorization));
    }
    return answers;
  }

  /// What the real node says.
  final JsonNode ask(JsonNode call) throws IOException, InterruptedException {
    return JSON.readTree(
        http.send(
                HttpRequest.newBuilder(behind)
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(call)))
                    .build(),
                BodyHandlers.ofString())
            .body());
  }

  /// The answer of a node that takes a transaction.
  static ObjectNode taken(ObjectNode call, String transaction) {
    ObjectNode taken = JSON.createObjectNode().put("jsonrpc", "2.0");
    taken.set("id", call.path("id"));
    return taken.put("result", Keccak.hash(Bytes.fromHex(transaction).toArray()).hex());
  }

  /// The answer of a node that does not do it.
  static ObjectNode failure(ObjectNode call, String words) {
    ObjectNode failure = JSON.createObjectNode().put("jsonrpc", "2.0");
    failure.set("id", call.path("id"));
    failure.set("error", JSON.createObjectNode().put("code", -32000).put("message", words));
    return failure;
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
