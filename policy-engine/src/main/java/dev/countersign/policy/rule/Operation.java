package dev.countersign.policy.rule;

import dev.countersign.core.model.InvalidValueException;
import java.util.Arrays;
import java.util.stream.Collectors;

/// What sort of thing a transaction does, as policies name it.
public enum Operation {
  /// The native asset without call data.
  NATIVE_TRANSFER("native-transfer"),
  /// ERC-20 tokens move, by whichever call.
  ERC20_TRANSFER("erc20-transfer"),
  /// A spender may take ERC-20 tokens from now on, by call or by signed permit.
  ERC20_APPROVE("erc20-approve"),
  /// ERC-721 or ERC-1155 tokens move.
  NFT_TRANSFER("nft-transfer"),
  /// An operator may take ERC-721 or ERC-1155 tokens from now on.
  NFT_APPROVE("nft-approve"),
  /// Every other call, and every call that carries others.
  CONTRACT_CALL("contract-call"),
  CONTRACT_CREATION("contract-creation"),
  /// Foreign code runs as the account's own.
  DELEGATE_CALL("delegate-call"),
  PROXY_UPGRADE("proxy-upgrade"),
  /// EIP-712.
  TYPED_MESSAGE("typed-message"),
  /// EIP-191.
  PERSONAL_MESSAGE("personal-message"),
  RAW_DIGEST("raw-digest"),
  /// EIP-7702.
  AUTHORIZATION("authorization");

  private final String text;

  Operation(String text) {
    this.text = text;
  }

  /// All of them, as policies write them.
  static String all() {
    return Arrays.stream(values()).map(Operation::toString).collect(Collectors.joining(", "));
  }

  static Operation parse(String text) {
    return Arrays.stream(values())
        .filter(operation -> operation.text.equals(text))
        .findFirst()
        .orElseThrow(() -> InvalidValueException.of("operation", text, "one of " + all()));
  }

  /// As policies write it.
  @Override
  public String toString() {
    return text;
  }
}
