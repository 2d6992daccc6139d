package dev.countersign.nonce.testing;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Stands in front of a real node and writes down what it is asked: as another node of the chain,
/// or as a private relay, which takes `eth_sendPrivateTransaction` alone and gives the node what it
/// holds.
public final class WatchedNode extends NodeInFront {
  /// What was asked.
  ///
  /// @param authorization the header of that name, or empty
  public record Asked(String method, JsonNode parameters, String authorization) {}

  private final boolean relay;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile boolean down;
  private volatile boolean keeps;
  private volatile Optional<String> refusal = Optional.empty();

  private WatchedNode(URI behind, boolean relay) {
    super(behind);
    this.relay = relay;
  }

  public static WatchedNode node(URI behind) {
    return new WatchedNode(behind, false);
  }

  public static WatchedNode relay(URI behind) {
    return new WatchedNode(behind, true);
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

  @Override
  boolean isAnswering() {
    return !down;
  }

  @Override
  JsonNode answer(ObjectNode call, String authorization) throws IOException, InterruptedException {
    asked.add(new Asked(call.path("method").stringValue(), call.path("params"), authorization));
    return relay ? relayed(call) : ask(call);
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
      return taken(call, transaction);
    }
    ObjectNode raw = JSON.createObjectNode().put("jsonrpc", "2.0");
    raw.set("id", call.path("id"));
    raw.put("method", "eth_sendRawTransaction");
    raw.set("params", JSON.createArrayNode().add(transaction));
    return ask(raw);
  }
}
