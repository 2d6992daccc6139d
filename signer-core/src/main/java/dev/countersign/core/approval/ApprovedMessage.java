package dev.countersign.core.approval;

import dev.countersign.core.action.SignableMessage;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.WalletId;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// A message once it is approved: nothing of it may change.
///
/// @param account the wallet's own account
/// @param chain the chain whose rules judge it
/// @param signingDigest what is signed: the Keccak-256 of the preimage of EIP-191 or EIP-712
public record ApprovedMessage(
    WalletId wallet, Address account, ChainId chain, Kind kind, Digest32 signingDigest)
    implements ApprovedSubject {

  /// How a message becomes a preimage.
  public enum Kind {
    /// EIP-191, version 0x45.
    PERSONAL("personal"),
    /// EIP-712.
    TYPED_DATA("typed-data");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /// As statements write it.
    public String word() {
      return word;
    }

    /// @throws InvalidValueException when there is none of that name
    public static Kind parse(String word) {
      return Arrays.stream(values())
          .filter(kind -> kind.word.equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  InvalidValueException.of(
                      "kind of message",
                      word,
                      Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(" or "))));
    }
  }

  /// @throws InvalidValueException when `message` cannot be signed
  public static ApprovedMessage of(
      WalletId wallet, Address account, ChainId chain, Intent.OfMessage message) {
    Kind kind =
        switch (message) {
          case Intent.PersonalMessage _ -> Kind.PERSONAL;
          case Intent.TypedData _ -> Kind.TYPED_DATA;
        };
    return switch (SignableMessage.read(message, account)) {
      case SignableMessage.Understood understood ->
          new ApprovedMessage(wallet, account, chain, kind, understood.signingDigest());
      case SignableMessage.NotUnderstood bad ->
          throw InvalidValueException.of(
              "message", kind.word(), "one that can be signed: " + bad.unpacking().reason());
    };
  }

  /// In what bytes that are about to be signed are others than those approved, in words. Nothing
  /// when they are the same.
  ///
  /// @param sender the account whose key would sign them
  public Optional<String> difference(Bytes preimage, Address sender) {
    if (!sender.equals(account)) {
      return Optional.of("account: approved is %s, got %s".formatted(account, sender));
    }
    Digest32 digest = Keccak.hash(preimage.toArray());
    return digest.equals(signingDigest)
        ? Optional.empty()
        : Optional.of("message: approved is %s, got %s".formatted(signingDigest, digest));
  }
}
