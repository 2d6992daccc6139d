package dev.countersign.core.action;

import static dev.countersign.core.action.Calls.MALLORY;
import static dev.countersign.core.action.Calls.WALLET;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.typeddata.EthersVectors;
import java.util.List;
import java.util.Optional;

/// Hostile messages; the documents are those of the vectors, changed.
final class HostileMessages {
  private static final String USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
  private static final String PERMITTED =
      "1 wallet lets mallory take 1000000 of " + USDC + " from wallet";

  private HostileMessages() {}

  static List<Hostile> all() {
    return List.of(
        Hostile.of(
            "A permit under a name with a look-alike letter",
            typed("EIP-2612 permit", "USD Coin", "USD \\u0421oin"),
            "wallet signs Permit for \"USD \u0421oin\" at " + USDC + " on eip155:1",
            PERMITTED),
        Hostile.of(
            "A permit under a name with a letter that does not show",
            typed("EIP-2612 permit", "USD Coin", "USD\\u200b Coin"),
            "refused: can be seen"),
        Hostile.of(
            "A permit for another chain",
            typed("EIP-2612 permit", "\"chainId\":1,", "\"chainId\":137,"),
            "wallet signs Permit for \"USD Coin\" at " + USDC + " on eip155:137",
            PERMITTED),
        Hostile.of(
            "A Safe transaction that is good on every chain",
            Calls.typed(
                EthersVectors.json("Safe transaction")
                    .replace("{\"name\":\"chainId\",\"type\":\"uint256\"},", "")
                    .replace("\"chainId\":1,", "")),
            "refused: every chain"),
        Hostile.of(
            "A permit with a field of its own",
            typed("EIP-2612 permit", "\"value\"", "\"display\""),
            "refused: fields that are known"),
        Hostile.of(
            "A value given twice",
            typed("EIP-2612 permit", "\"nonce\":0", "\"value\":\"1\",\"nonce\":0"),
            "refused: duplicate"),
        Hostile.of(
            "A value beside the declared fields",
            typed("EIP-2612 permit", "\"nonce\":0", "\"note\":\"only 1 USDC\",\"nonce\":0"),
            "refused: alone"),
        Hostile.of(
            "A value that some programs round",
            typed("EIP-2612 permit", "\"1000000\"", "9007199254740993"),
            "refused: below 2^53"),
        Hostile.of(
            "A spender with one letter's case changed",
            typed(
                "Permit2 single",
                "\"spender\":\"0x0000000000000000000000000000000000000bad\"",
                "\"spender\":\"0x0000000000000000000000000000000000000bAd\""),
            "refused: checksum"),
        Hostile.of(
            "A Permit2 allowance for another contract",
            typed("Permit2 single", "0x000000000022D473030F116dDEE9F6B43aC78BA3", MALLORY.hex()),
            "refused: expected Permit2"),
        Hostile.of(
            "A Permit2 batch with an unlimited allowance in a message",
            typed("Permit2 batch", "\"name\":\"Permit2\"", "\"name\":\"Permit2\""),
            "wallet signs PermitBatch for \"Permit2\" at permit2 on eip155:1",
            "1 wallet lets mallory take 5 of token from wallet",
            "2 wallet lets mallory take everything of wallet from wallet"),
        Hostile.of(
            "A Permit2 transfer in the clothes of an order",
            typed("Permit2 with a witness", "Order", "Order"),
            "wallet signs PermitWitnessTransferFrom for \"Permit2\" at permit2 on eip155:1",
            "1 wallet lets mallory take 7 more of token from wallet"),
        Hostile.of(
            "A Safe's delegate call in a message",
            typed("Safe delegate call", "SafeTx", "SafeTx"),
            "wallet signs SafeTx for \"\" at safe on eip155:1",
            "1 safe runs the code of mallory"),
        Hostile.of(
            "A hash that a Safe will answer for",
            typed("Safe message", "SafeMessage", "SafeMessage"),
            "wallet signs SafeMessage for \"\" at safe on eip155:1",
            "1 safe signs a digest"),
        Hostile.of(
            "A personal message that is the hash of a Safe transaction",
            PersonalMessages.read(Bytes.of(new byte[32]), WALLET).unpacking(),
            "wallet signs a text of 32 bytes",
            "1 wallet signs a digest"),
        Hostile.of(
            "The wallet's account handed over on every chain",
            Authorizations.read(Optional.empty(), MALLORY, new Nonce(0), WALLET).unpacking(),
            "wallet takes on the code of mallory on every chain"));
  }

  private static Unpacking typed(String vector, String what, String instead) {
    String right = EthersVectors.json(vector);
    if (!right.contains(what)) {
      throw new IllegalStateException(vector + " has no " + what);
    }
    return Calls.typed(right.replace(what, instead));
  }
}
