package dev.countersign.core.action;

import dev.countersign.core.model.Address;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/// Actions as short lines, so that a table of them can be read.
final class InWords {
  private static final Map<Address, String> NAMES =
      Map.of(
          Calls.WALLET, "wallet",
          Calls.ALICE, "alice",
          Calls.MALLORY, "mallory",
          Calls.TOKEN, "token",
          Calls.SAFE, "safe",
          Calls.CONTRACT, "contract",
          Calls.MULTICALL3, "multicall3",
          Calls.MULTI_SEND, "multisend",
          Permit2Functions.PERMIT2, "permit2");

  private InWords() {}

  static List<String> of(Unpacking unpacking) {
    return switch (unpacking) {
      case Unpacking.Unpacked(List<Action> actions) -> actions.stream().map(InWords::line).toList();
      case Unpacking.Opaque(String reason) -> List.of("refused: " + reason);
    };
  }

  private static String line(Action action) {
    String words = name(action.account()) + " " + words(action.deed());
    return action.isRoot() ? words : action.pathText() + " " + words;
  }

  private static String words(Deed deed) {
    return switch (deed) {
      case Deed.NativeTransfer it -> "pays %s to %s".formatted(it.value(), name(it.to()));
      case Deed.TokenTransfer it ->
          "moves %s of %s from %s to %s"
              .formatted(amount(it.amount()), name(it.token()), name(it.owner()), name(it.to()));
      case Deed.TokenApproval it ->
          "lets %s take %s%s of %s from %s"
              .formatted(
                  name(it.spender()),
                  amount(it.amount()),
                  it.added() ? " more" : "",
                  name(it.token()),
                  name(it.owner()));
      case Deed.NftTransfer it ->
          "moves %s of number %s of %s from %s to %s"
              .formatted(
                  it.quantity(),
                  it.tokenId(),
                  name(it.collection()),
                  name(it.owner()),
                  name(it.to()));
      case Deed.NftApproval it ->
          "%s %s take %s of %s from %s"
              .formatted(
                  it.approved() ? "lets" : "no longer lets",
                  name(it.operator()),
                  it.tokenId().map(id -> "number " + id).orElse("any"),
                  name(it.collection()),
                  name(it.owner()));
      case Deed.ContractCall it ->
          "calls " + name(it.to()) + (it.value().value().signum() > 0 ? " with " + it.value() : "");
      case Deed.ContractCreation it -> "creates a contract with " + it.value();
      case Deed.DelegateCall it -> "runs the code of " + name(it.target());
      case Deed.ProxyUpgrade it ->
          "makes %s run the code of %s".formatted(name(it.proxy()), name(it.implementation()));
      case Deed.TypedMessage it ->
          "signs %s for \"%s\" at %s on %s"
              .formatted(
                  it.primaryType(),
                  it.domainName(),
                  it.verifyingContract().map(InWords::name).orElse("no contract"),
                  it.chain().map(Object::toString).orElse("every chain"));
      case Deed.PersonalMessage it -> "signs a text of " + it.message().size() + " bytes";
      case Deed.RawDigest it -> "signs a digest";
      case Deed.Authorization it ->
          "takes on the code of %s on %s"
              .formatted(
                  name(it.delegate()), it.chain().map(Object::toString).orElse("every chain"));
    };
  }

  private static String amount(BigInteger amount) {
    return amount.bitLength() >= 160 ? "everything" : amount.toString();
  }

  private static String name(Address address) {
    return NAMES.getOrDefault(address, address.checksummed());
  }
}
