package dev.countersign.nonce.balance;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Digest32;
import dev.countersign.nonce.node.RpcCall;
import java.util.List;
import java.util.Map;

/// Calls about one block, named by its hash where state is read (EIP-1898): whichever endpoint or
/// node behind it answers, it answers about that very block or not at all.
final class BlockCalls {
  /// Selector of `balanceOf(address)` and the left padding of its argument.
  private static final String BALANCE_OF = "0x70a08231" + "0".repeat(24);

  private BlockCalls() {}

  static RpcCall byNumber(long number) {
    return new RpcCall("eth_getBlockByNumber", List.of("0x" + Long.toHexString(number), false));
  }

  static RpcCall balance(Address account, Digest32 block) {
    return new RpcCall("eth_getBalance", List.of(account.hex(), at(block)));
  }

  static RpcCall tokenBalance(Address token, Address account, Digest32 block) {
    return new RpcCall(
        "eth_call",
        List.of(
            Map.of("to", token.hex(), "data", BALANCE_OF + account.hex().substring(2)), at(block)));
  }

  private static Map<String, Object> at(Digest32 block) {
    return Map.of("blockHash", block.hex(), "requireCanonical", true);
  }
}
