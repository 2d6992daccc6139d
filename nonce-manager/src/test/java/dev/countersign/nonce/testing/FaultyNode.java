package dev.countersign.nonce.testing;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// A node that is really another one, seen through a bad connection or a bad character: it delays,
/// hangs, cuts, stands still or lies. Several in front of one chain are several nodes of that
/// chain.
public final class FaultyNode extends NodeInFront {
  private final Map<String, UnaryOperator<JsonNode>> lies = new ConcurrentHashMap<>();
  private final Map<String, String> errors = new ConcurrentHashMap<>();
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean cut;
  private volatile boolean swallows;
  private volatile int mostBytes = Integer.MAX_VALUE;
  private volatile CountDownLatch hanging = new CountDownLatch(0);
  private volatile OptionalLong standsAt = OptionalLong.empty();

  /// @param behind the real node
  public FaultyNode(URI behind) {
    super(behind);
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

  /// From now on it answers a method with an error in these words, and does nothing.
  public void fail(String method, String words) {
    errors.put(method, words);
  }

  /// From now on it lets no question through that has more bytes, as proxies in front of nodes do.
  public void takeUpTo(int bytes) {
    mostBytes = bytes;
  }

  /// From now on it is as good as the node behind it.
  public void heal() {
    delay = Duration.ZERO;
    cut = false;
    swallows = false;
    mostBytes = Integer.MAX_VALUE;
    hanging.countDown();
    standsAt = OptionalLong.empty();
    lies.clear();
    errors.clear();
  }

  @Override
  boolean isAnswering() throws InterruptedException {
    Thread.sleep(delay);
    hanging.await();
    return !cut;
  }

  @Override
  boolean isTooLarge(int bytes) {
    return bytes > mostBytes;
  }

  @Override
  JsonNode answer(ObjectNode call, String authorization) throws IOException, InterruptedException {
    String error = errors.get(call.path("method").stringValue());
    if (error != null) {
      return failure(call, error);
    }
    if (swallows && call.path("method").stringValue().equals("eth_sendRawTransaction")) {
      return taken(call, call.path("params").path(0).stringValue());
    }
    OptionalLong stands = standsAt;
    if (stands.isPresent()) {
      standStill((ArrayNode) call.path("params"), stands.getAsLong());
    }
    ObjectNode answer = (ObjectNode) ask(call);
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

  @Override
  public void close() {
    heal();
    super.close();
  }
}
