package dev.countersign.cli.approval;

import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.request.Amount;
import dev.countersign.core.action.Deed;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.Locale;

/// What one action does, in words. What it repeats of the request cannot move a terminal's cursor.
final class DeedWords {
  private static final BigInteger NEARLY_ALL = BigInteger.TWO.pow(255);

  private DeedWords() {}

  static String of(Deed deed) {
    return LogWords.lines(words(deed));
  }

  private static String words(Deed deed) {
    return switch (deed) {
      case Deed.NativeTransfer transfer ->
          "transfer of " + ether(transfer.value()) + " to " + transfer.to();
      case Deed.TokenTransfer transfer ->
          "transfer of %s units of token %s from %s to %s"
              .formatted(transfer.amount(), transfer.token(), transfer.owner(), transfer.to());
      case Deed.TokenApproval approval ->
          "lets %s take %s units of token %s of %s%s"
              .formatted(
                  approval.spender(),
                  approval.amount().compareTo(NEARLY_ALL) >= 0
                      ? "ALL"
                      : (approval.added() ? "further " : "up to ") + approval.amount(),
                  approval.token(),
                  approval.owner(),
                  ", from now on");
      case Deed.NftTransfer transfer ->
          "transfer of %s of token %s of collection %s from %s to %s"
              .formatted(
                  transfer.quantity(),
                  transfer.tokenId(),
                  transfer.collection(),
                  transfer.owner(),
                  transfer.to());
      case Deed.NftApproval approval ->
          "%s %s take %s of collection %s of %s"
              .formatted(
                  approval.approved() ? "lets" : "no longer lets",
                  approval.operator(),
                  approval.tokenId().map(id -> "token " + id).orElse("EVERY token"),
                  approval.collection(),
                  approval.owner());
      case Deed.ContractCall call ->
          "call of %s, function %s, with %s and %s"
              .formatted(call.to(), call.selector().hex(), ether(call.value()), size(call.data()));
      case Deed.ContractCreation creation ->
          "creation of a contract with %s, code of %s"
              .formatted(ether(creation.value()), size(creation.initCode()));
      case Deed.DelegateCall call ->
          "RUNS THE CODE of %s as its own, which may do anything, with %s"
              .formatted(call.target(), size(call.data()));
      case Deed.ProxyUpgrade upgrade ->
          "REPLACES THE CODE behind %s by that of %s"
              .formatted(upgrade.proxy(), upgrade.implementation());
      case Deed.TypedMessage message ->
          "signs EIP-712 data %s of %s".formatted(message.primaryType(), message.domainName());
      case Deed.PersonalMessage message -> "signs a text of " + size(message.message());
      case Deed.RawDigest digest ->
          "SIGNS 32 BYTES that nobody can tell the meaning of: " + digest.digest();
      case Deed.Authorization authorization ->
          "LETS THE CODE of %s run as its own%s (EIP-7702)"
              .formatted(
                  authorization.delegate(),
                  authorization.chain().map(chain -> " on " + chain).orElse(" ON EVERY CHAIN"));
    };
  }

  static String ether(Wei value) {
    return String.format(Locale.ROOT, "%s ether (%s wei)", Amount.inEther(value.toString()), value);
  }

  static String size(Bytes data) {
    return data.size() + (data.size() == 1 ? " byte" : " bytes");
  }
}
