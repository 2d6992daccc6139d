package dev.countersign.testenv.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.testenv.TestEnvironmentException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a test asks of a development chain, over JSON-RPC. Addresses are `0x` and 40 hex digits in
/// any case; amounts are in wei or a token's base units. Safe for use by several threads.
public final class ChainRpc {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final BigInteger ONE_ETHER = BigInteger.TEN.pow(18);

  /// Sends what nobody in particular sends. The node signs nothing for it: it is impersonated.
  private static final String DEPLOYER = "0x7e57000000000000000000000000000000000001";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final URI url;

  /// @param url the node's HTTP endpoint
  public ChainRpc(URI url) {
    this.url = url;
  }

  /// Calls any method.
  ///
  /// @param parameters what Jackson can write: strings, numbers, booleans, maps, lists, nodes
  /// @return the result, a JSON null included
  /// @throws JsonRpcException when the node answers with an error
  /// @throws TestEnvironmentException when it does not answer
  public JsonNode call(String method, Object... parameters) {
    var request = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
    request.set("params", JSON.valueToTree(List.of(parameters)));
    try {
      var answer =
          JSON.readTree(
              client
                  .send(
                      HttpRequest.newBuilder(url)
                          .timeout(LIMIT)
                          .header("content-type", "application/json")
                          .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                          .build(),
                      BodyHandlers.ofString())
                  .body());
      var error = answer.path("error");
      if (error.isObject()) {
        throw new JsonRpcException(
            method, error.path("code").asInt(), error.path("message").asText());
      }
      return answer.path("result");
    } catch (IOException e) {
      throw new TestEnvironmentException(
          "no answer to " + method + " from " + url + ": " + e + "; is the chain running?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestEnvironmentException("interrupted while waiting for " + method, e);
    }
  }

  private BigInteger quantity(String method, Object... parameters) {
    return number(call(method, parameters));
  }

  private static BigInteger number(JsonNode hex) {
    var digits = hex.asText().substring(2);
    return digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits, 16);
  }

  private static String hex(BigInteger number) {
    return "0x" + number.toString(16);
  }

  /// {@return the chain id}
  public long chainId() {
    return quantity("eth_chainId").longValueExact();
  }

  /// {@return the number of the newest block}
  public long blockNumber() {
    return quantity("eth_blockNumber").longValueExact();
  }

  /// {@return the balance in wei at the newest block}
  public BigInteger balance(String address) {
    return quantity("eth_getBalance", address, "latest");
  }

  /// Sets the balance of an address, in wei, at once and without a transaction.
  public void setBalance(String address, BigInteger wei) {
    call("anvil_setBalance", address, hex(wei));
  }

  /// {@return how many transactions of the address are mined, which is its next nonce}
  public long transactionCount(String address) {
    return quantity("eth_getTransactionCount", address, "latest").longValueExact();
  }

  /// Mines blocks now, whatever the chain's mining is.
  public void mine(int blocks) {
    call("anvil_mine", hex(BigInteger.valueOf(blocks)));
  }

  /// Mines nothing any more, neither on a transaction nor by the clock, until the node is started
  /// again.
  void stopMining() {
    call("evm_setAutomine", false);
    call("evm_setIntervalMining", 0);
  }

  /// Deploys `TestToken` (an ERC-20 with six decimals) and mines it.
  ///
  /// @param holder gets the whole supply
  /// @param supply in base units
  /// @return the token's address, in lower case
  public String deployTestToken(String holder, BigInteger supply) {
    var code = "0x" + AnvilProgram.text("token/TestToken.bin") + word(holder) + word(supply);
    var receipt = send(DEPLOYER, null, code);
    return receipt.path("contractAddress").asText();
  }

  /// {@return the token balance of the holder, in base units}
  public BigInteger tokenBalance(String token, String holder) {
    // balanceOf(address)
    return number(
        call(
            "eth_call",
            JSON.createObjectNode().put("to", token).put("data", "0x70a08231" + word(holder)),
            "latest"));
  }

  /// Sends a transaction as any address, without its key, and mines it. The sender is given ether
  /// for gas when it has none.
  ///
  /// @param to the recipient; null deploys a contract
  /// @param data call data, `0x` and hex digits
  /// @return the receipt
  /// @throws TestEnvironmentException when the transaction failed
  public JsonNode send(String from, @Nullable String to, String data) {
    if (balance(from).compareTo(ONE_ETHER) < 0) {
      setBalance(from, ONE_ETHER.multiply(BigInteger.TEN));
    }
    var transaction = JSON.createObjectNode().put("from", from).put("data", data);
    if (to != null) {
      transaction.put("to", to);
    }
    call("anvil_impersonateAccount", from);
    try {
      return receipt(call("eth_sendTransaction", transaction).asText());
    } finally {
      call("anvil_stopImpersonatingAccount", from);
    }
  }

  private JsonNode receipt(String hash) {
    // A chain that mines by itself is only waited for: its receipts lag its answers.
    boolean minesByItself = call("anvil_getAutomine").asBoolean();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      var receipt = call("eth_getTransactionReceipt", hash);
      if (receipt.isObject()) {
        if (number(receipt.path("status")).signum() == 0) {
          throw new TestEnvironmentException("transaction " + hash + " failed: " + receipt);
        }
        return receipt;
      }
      if (!minesByItself) {
        mine(1);
      }
    }
    throw new TestEnvironmentException("transaction " + hash + " is not mined after " + LIMIT);
  }

  private static String word(String address) {
    return word(number(JSON.getNodeFactory().textNode(address)));
  }

  private static String word(BigInteger number) {
    var digits = number.toString(16);
    return "0".repeat(64 - digits.length()) + digits;
  }
}
