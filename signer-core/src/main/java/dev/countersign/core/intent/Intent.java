package dev.countersign.core.intent;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.TokenAmount;
import dev.countersign.core.model.Wei;

/// What a transaction does. A client asks with one, and bytes decode to one; policy only ever
/// judges the decoded one.
public sealed interface Intent {

  /// The native asset, moved with no call data.
  record NativeTransfer(Address to, Wei value) implements Intent {}

  /// `transfer(address,uint256)` of ERC-20, with no native value.
  record Erc20Transfer(Address token, Address to, TokenAmount value) implements Intent {}

  /// Any other call; at least a selector of call data, at most 64 KiB of it.
  record ContractCall(Address to, Wei value, Bytes data) implements Intent {
    public static final int SELECTOR_SIZE = 4;
    public static final int MOST_DATA = 65_536;

    public ContractCall {
      if (data.size() < SELECTOR_SIZE) {
        throw InvalidValueException.of(
            "call data", data.hex(), "a 4-byte selector at least; for none use a native transfer");
      }
      if (data.size() > MOST_DATA) {
        throw InvalidValueException.of("call data", data.size() + " bytes", "65536 bytes at most");
      }
    }

    /// The first four bytes of the call data.
    public Bytes selector() {
      return data.slice(0, SELECTOR_SIZE);
    }
  }

  /// A contract comes into being, with `value` of the native asset.
  ///
  /// @param initCode what runs to make it, 1 to 49152 bytes (EIP-3860)
  record ContractCreation(Wei value, Bytes initCode) implements Intent {
    public static final int MOST_INIT_CODE = 49_152;

    public ContractCreation {
      if (initCode.isEmpty() || initCode.size() > MOST_INIT_CODE) {
        throw InvalidValueException.of("init code", initCode.size() + " bytes", "1 to 49152 bytes");
      }
    }
  }
}
