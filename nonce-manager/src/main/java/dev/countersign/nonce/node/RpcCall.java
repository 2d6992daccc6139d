package dev.countersign.nonce.node;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// One JSON-RPC call, as the Ethereum execution API (github.com/ethereum/execution-apis) names
/// them.
///
/// @param parameters text, booleans, lists and maps of those
public record RpcCall(String method, List<Object> parameters) {
  private static final String LATEST = "latest";

  public RpcCall {
    parameters = List.copyOf(parameters);
  }

  public static RpcCall chainId() {
    return new RpcCall("eth_chainId", List.of());
  }

  /// The newest block, without its transactions.
  public static RpcCall latestBlock() {
    return block(LATEST);
  }

  /// How many transactions of the account are mined; what the pool holds does not count.
  public static RpcCall minedCount(Address account) {
    return new RpcCall("eth_getTransactionCount", List.of(account.hex(), LATEST));
  }

  /// How many transactions of the account are mined up to and including that block.
  public static RpcCall minedCountAt(Address account, long block) {
    return new RpcCall("eth_getTransactionCount", List.of(account.hex(), quantity(block)));
  }

  /// The block that a tag stands for (`latest`, `safe`, `finalized`), without its transactions.
  public static RpcCall block(String tag) {
    return new RpcCall("eth_getBlockByNumber", List.of(tag, false));
  }

  /// The block of that height, without its transactions; null where the node has not got so far.
  public static RpcCall blockAt(long height) {
    return new RpcCall("eth_getBlockByNumber", List.of(quantity(height), false));
  }

  private static String quantity(long number) {
    return "0x" + Long.toHexString(number);
  }

  public static RpcCall balance(Address account) {
    return new RpcCall("eth_getBalance", List.of(account.hex(), LATEST));
  }

  /// What `account` has of an ERC-20 token: `balanceOf(address)`.
  public static RpcCall tokenBalance(Address token, Address account) {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("to", token.hex());
    call.put("data", "0x70a08231" + "0".repeat(24) + account.hex().substring(2));
    return new RpcCall("eth_call", List.of(call, LATEST));
  }

  /// The most that an OP stack chain takes for the chain below it, for an unsigned transaction of
  /// so many bytes: `getL1FeeUpperBound(uint256)` of its `GasPriceOracle`.
  public static RpcCall parentFee(int size) {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("to", "0x420000000000000000000000000000000000000f");
    call.put("data", "0xf1c7a58b" + "%064x".formatted(size));
    return new RpcCall("eth_call", List.of(call, LATEST));
  }

  public static RpcCall code(Address account) {
    return new RpcCall("eth_getCode", List.of(account.hex(), LATEST));
  }

  public static RpcCall estimateGas(Address from, CallEncoder.Call call, Envelope envelope) {
    return new RpcCall("eth_estimateGas", List.of(transaction(from, call, envelope), LATEST));
  }

  private static Map<String, Object> transaction(
      Address from, CallEncoder.Call call, Envelope envelope) {
    Map<String, Object> transaction = new LinkedHashMap<>();
    transaction.put("from", from.hex());
    call.to().ifPresent(to -> transaction.put("to", to.hex()));
    transaction.put("value", Quantities.hex(call.value().value()));
    if (!call.data().isEmpty()) {
      // The specification has come to say `input`; `data` is what every node still takes.
      transaction.put("data", call.data().hex());
    }
    transaction.putAll(EnvelopeJson.of(envelope));
    return transaction;
  }

  /// A transaction once more, on the state that `block` left behind, with nothing signed or sent.
  public static RpcCall replay(Address from, UnsignedTransaction transaction, long block) {
    Map<String, Object> call = transaction(from, transaction.call(), transaction.envelope());
    call.put("gas", quantity(transaction.fees().gasLimit().units()));
    return new RpcCall("eth_call", List.of(call, quantity(block)));
  }

  /// Base fees of the last `blocks` blocks and the next one, and what tips they took at the given
  /// percentiles of gas.
  public static RpcCall feeHistory(int blocks, List<Integer> percentiles) {
    return new RpcCall(
        "eth_feeHistory",
        List.of("0x" + Integer.toHexString(blocks), LATEST, new ArrayList<Object>(percentiles)));
  }

  public static RpcCall gasPrice() {
    return new RpcCall("eth_gasPrice", List.of());
  }

  public static RpcCall maxPriorityFeePerGas() {
    return new RpcCall("eth_maxPriorityFeePerGas", List.of());
  }

  /// What the next block takes for a unit of blob gas.
  public static RpcCall blobBaseFee() {
    return new RpcCall("eth_blobBaseFee", List.of());
  }

  /// @param transaction as nodes take it, with its blobs where it has any
  public static RpcCall sendRawTransaction(Bytes transaction) {
    return new RpcCall("eth_sendRawTransaction", List.of(transaction.hex()));
  }

  /// As private relays take it (docs.flashbots.net, "eth_sendPrivateTransaction").
  ///
  /// @param transaction as of [#sendRawTransaction]
  /// @param until the last block that it should be in; without it the relay decides
  public static RpcCall sendPrivateTransaction(Bytes transaction, OptionalLong until) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("tx", transaction.hex());
    until.ifPresent(block -> parameters.put("maxBlockNumber", quantity(block)));
    return new RpcCall("eth_sendPrivateTransaction", List.of(parameters));
  }

  public static RpcCall receipt(Digest32 transactionHash) {
    return new RpcCall("eth_getTransactionReceipt", List.of(transactionHash.hex()));
  }

  public static RpcCall transaction(Digest32 transactionHash) {
    return new RpcCall("eth_getTransactionByHash", List.of(transactionHash.hex()));
  }
}
