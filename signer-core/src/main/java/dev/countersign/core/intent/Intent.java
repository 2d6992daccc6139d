package dev.countersign.core.intent;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.TokenAmount;
import dev.countersign.core.model.Wei;
import java.nio.charset.StandardCharsets;

/// What a client wants signed: a transaction by what it does, or a message.
public sealed interface Intent {

  /// What a transaction does. A client asks with one, and bytes decode to one; policy only ever
  /// judges the decoded one.
  sealed interface OfTransaction extends Intent {}

  /// A message, whose signature no chain takes by itself: it costs no gas, and has no nonce.
  sealed interface OfMessage extends Intent {}

  /// The native asset, moved with no call data.
  record NativeTransfer(Address to, Wei value) implements OfTransaction {}

  /// `transfer(address,uint256)` of ERC-20, with no native value.
  record Erc20Transfer(Address token, Address to, TokenAmount value) implements OfTransaction {}

  /// Any other call; at least a selector of call data, at most 64 KiB of it.
  record ContractCall(Address to, Wei value, Bytes data) implements OfTransaction {
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
  record ContractCreation(Wei value, Bytes initCode) implements OfTransaction {
    public static final int MOST_INIT_CODE = 49_152;

    public ContractCreation {
      if (initCode.isEmpty() || initCode.size() > MOST_INIT_CODE) {
        throw InvalidValueException.of("init code", initCode.size() + " bytes", "1 to 49152 bytes");
      }
    }
  }

  /// A message of EIP-191, version 0x45 (`personal_sign`); at most 64 KiB.
  ///
  /// @param message the bytes themselves, without the prefix of EIP-191
  record PersonalMessage(Bytes message) implements OfMessage {
    public static final int MOST_BYTES = 65_536;

    public PersonalMessage {
      if (message.size() > MOST_BYTES) {
        throw InvalidValueException.of(
            "personal message", message.size() + " bytes", MOST_BYTES + " bytes at most");
      }
    }
  }

  /// Typed data of EIP-712.
  ///
  /// @param json as `eth_signTypedData_v4` takes it, as it came; at most 131,072 characters, none
  /// of them U+0000
  record TypedData(String json) implements OfMessage {
    public static final int MOST_CHARACTERS = 131_072;

    public TypedData {
      if (json.length() > MOST_CHARACTERS
          || json.indexOf('\0') >= 0
          || !StandardCharsets.UTF_8.newEncoder().canEncode(json)) {
        throw InvalidValueException.of(
            "typed data",
            json.length() + " characters",
            MOST_CHARACTERS + " characters of Unicode at most, none of them U+0000");
      }
    }
  }
}
