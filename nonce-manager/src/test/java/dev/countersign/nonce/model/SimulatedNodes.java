package dev.countersign.nonce.model;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;
import dev.countersign.nonce.model.SimulatedChain.Block;
import dev.countersign.nonce.node.Quantities;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Three nodes of one simulated chain, by JSON-RPC. While there are faults each of them fails now
/// and then, before it has done what it was asked or after; and one of them, whose turn it is,
/// stands still, lies, or keeps transactions to itself. One may refuse whatever it is sent, also
/// once faults have stopped: the other two are enough. What a node does follows from the seed and
/// from how often it was asked.
final class SimulatedNodes implements Interceptor {
  static final int COUNT = 3;
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<Oddity> ODDITIES = List.copyOf(EnumSet.allOf(Oddity.class));
  private static final int FAILURES_IN_HUNDRED = 8;
  private static final List<String> REFUSALS =
      List.of(
          "txpool is full",
          "tx fee (45.00 ether) exceeds the configured cap (1.00 ether)",
          "method not on your plan",
          "nonce too low",
          "insufficient funds for gas * price + value: balance 0",
          "replacement transaction underpriced",
          "in-flight transaction limit reached for delegated accounts");

  private final SimulatedChain chain;
  private final long chainId;
  private final List<SplittableRandom> randoms;
  private volatile boolean faults = true;
  private volatile int odd;
  private volatile Oddity oddity = Oddity.NONE;
  private final SplittableRandom refusing;
  private volatile Optional<Refuser> refuser = Optional.empty();
  private volatile List<Block> stale = List.of();

  /// What one node of the three does.
  enum Oddity {
    NONE,
    STANDS_STILL,
    HIDES_RECEIPTS,
    MAKES_UP_RECEIPTS,
    MAKES_UP_COUNTS,
    MAKES_UP_BALANCES,
    KEEPS_TRANSACTIONS,
    SPEAKS_IN_TONGUES
  }

  /// A node that takes no transaction, and tells no balance.
  ///
  /// @param words what it says to a transaction
  private record Refuser(int node, String words) {}

  SimulatedNodes(SimulatedChain chain, long chainId, long seed) {
    this.chain = chain;
    this.chainId = chainId;
    this.randoms =
        IntStream.range(0, COUNT).mapToObj(i -> new SplittableRandom(seed * 31 + i)).toList();
    this.refusing = new SplittableRandom(seed * 31 + COUNT);
  }

  static List<URI> urls() {
    return IntStream.range(0, COUNT)
        .mapToObj(i -> URI.create("http://node-%d.invalid".formatted(i)))
        .toList();
  }

  /// From now on another node, or none, is odd, and another one, or none, refuses what it is sent.
  void turn(SplittableRandom random) {
    int node = refusing.nextInt(COUNT + 1);
    String words = REFUSALS.get(refusing.nextInt(REFUSALS.size()));
    refuser = node < COUNT ? Optional.of(new Refuser(node, words)) : Optional.empty();
    odd = random.nextInt(COUNT);
    oddity = ODDITIES.get(random.nextInt(ODDITIES.size()));
    stale = chain.blocks();
  }

  /// From now on all of them are as they should be, but for one that refuses what it is sent.
  void heal() {
    faults = false;
    oddity = Oddity.NONE;
  }

  @Override
  public Response intercept(Chain call) throws IOException {
    Request request = call.request();
    int node = request.url().host().charAt("node-".length()) - '0';
    SplittableRandom random = randoms.get(node);
    boolean before;
    boolean after;
    synchronized (random) {
      before = faults && random.nextInt(100) < FAILURES_IN_HUNDRED;
      after = faults && random.nextInt(100) < FAILURES_IN_HUNDRED;
    }
    if (before) {
      throw new IOException("the connection was refused");
    }
    Buffer body = new Buffer();
    Optional.ofNullable(request.body()).orElseThrow().writeTo(body);
    String answer = JSON.writeValueAsString(answers(node, JSON.readTree(body.readUtf8())));
    if (after) {
      throw new IOException("the connection was cut before the answer");
    }
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(200)
        .message("OK")
        .body(ResponseBody.create(answer, MediaType.get("application/json")))
        .build();
  }

  private JsonNode answers(int node, JsonNode question) {
    if (question.isObject()) {
      return answer(node, question);
    }
    List<JsonNode> all = new ArrayList<>();
    question.forEach(one -> all.add(answer(node, one)));
    if (node == odd && faults) {
      Collections.reverse(all);
    }
    return JSON.valueToTree(all);
  }

  private boolean is(int node, Oddity which) {
    return node == odd && oddity == which;
  }

  private JsonNode answer(int node, JsonNode call) {
    ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", call.path("id"));
    List<Block> blocks = is(node, Oddity.STANDS_STILL) ? stale : chain.blocks();
    JsonNode parameters = call.path("params");
    switch (call.path("method").stringValue()) {
      case "eth_chainId" -> answer.put("result", hex(chainId));
      case "eth_getBlockByNumber" ->
          answer.set("result", block(blocks, parameters.path(0).stringValue()));
      case "eth_getTransactionCount" -> answer.put("result", hex(count(node, blocks, parameters)));
      case "eth_getTransactionReceipt" ->
          answer.set(
              "result", receipt(node, blocks, Digest32.fromHex(parameters.path(0).stringValue())));
      case "eth_getBalance" -> balance(node, blocks, parameters, answer);
      case "eth_sendRawTransaction" -> send(node, parameters.path(0).stringValue(), answer);
      default -> fail(answer, -32601, "no method");
    }
    return answer;
  }

  private static void fail(ObjectNode answer, int code, String words) {
    answer.set("error", JSON.createObjectNode().put("code", code).put("message", words));
  }

  private Optional<Refuser> refuser(int node) {
    return refuser.filter(one -> one.node() == node);
  }

  private void balance(int node, List<Block> blocks, JsonNode parameters, ObjectNode answer) {
    if (refuser(node).isPresent()) {
      fail(answer, -32000, "missing trie node");
      return;
    }
    Address account = new Address(parameters.path(0).stringValue());
    BigInteger balance =
        chain.isPoor(account)
            ? BigInteger.ZERO
            : chain.balance(blocks, account).max(BigInteger.ZERO);
    answer.put(
        "result",
        Quantities.hex(
            is(node, Oddity.MAKES_UP_BALANCES) ? balance.multiply(BigInteger.TEN) : balance));
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  private static JsonNode block(List<Block> blocks, String tag) {
    long number =
        switch (tag) {
          case "latest" -> blocks.size() - 1L;
          case "finalized" -> Math.max(0, blocks.size() - ModelTerms.DEPTH);
          default -> Long.decode(tag);
        };
    if (number >= blocks.size()) {
      return JSON.nullNode();
    }
    Block block = blocks.get(Math.toIntExact(number));
    return JSON.createObjectNode()
        .put("number", hex(block.number()))
        .put("hash", block.hash().hex());
  }

  private long count(int node, List<Block> blocks, JsonNode parameters) {
    String tag = parameters.path(1).stringValue();
    long until = tag.startsWith("0x") ? Long.decode(tag) : blocks.size() - 1L;
    List<Block> seen = blocks.subList(0, (int) Math.min(until + 1, blocks.size()));
    long count = SimulatedChain.mined(seen, new Address(parameters.path(0).stringValue()));
    return is(node, Oddity.MAKES_UP_COUNTS) ? count + 3 : count;
  }

  private JsonNode receipt(int node, List<Block> blocks, Digest32 hash) {
    Optional<Block> found = SimulatedChain.inclusion(blocks, hash);
    if (is(node, Oddity.MAKES_UP_RECEIPTS)) {
      return receipt(hash, blocks.size() - 1L, made(hash), "0x0");
    }
    return found.isEmpty() || is(node, Oddity.HIDES_RECEIPTS)
        ? JSON.nullNode()
        : receipt(hash, found.get().number(), found.get().hash(), "0x1");
  }

  private static Digest32 made(Digest32 hash) {
    return Keccak.hash(("made up " + hash).getBytes(StandardCharsets.US_ASCII));
  }

  private static JsonNode receipt(Digest32 hash, long number, Digest32 block, String status) {
    return JSON.createObjectNode()
        .put("transactionHash", hash.hex())
        .put("blockNumber", hex(number))
        .put("blockHash", block.hex())
        .put("status", status);
  }

  private void send(int node, String raw, ObjectNode answer) {
    Digest32 hash = Keccak.hash(Bytes.fromHex(raw).toArray());
    Optional<Refuser> refuses = refuser(node);
    if (refuses.isPresent()) {
      fail(answer, -32000, refuses.get().words());
      return;
    }
    if (is(node, Oddity.KEEPS_TRANSACTIONS)) {
      answer.put("result", hash.hex());
      return;
    }
    int delay;
    synchronized (randoms.get(node)) {
      delay = faults ? randoms.get(node).nextInt(3) : 0;
    }
    Optional<String> problem = chain.send(hash, delay);
    if (is(node, Oddity.SPEAKS_IN_TONGUES)) {
      problem = Optional.of("es ist etwas schiefgegangen");
    }
    if (problem.isEmpty()) {
      answer.put("result", hash.hex());
    } else {
      fail(answer, -32000, problem.orElseThrow());
    }
  }
}
