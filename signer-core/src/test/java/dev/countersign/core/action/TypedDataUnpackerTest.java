package dev.countersign.core.action;

import static dev.countersign.core.action.Calls.MALLORY;
import static dev.countersign.core.action.Calls.SAFE;
import static dev.countersign.core.action.Calls.TOKEN;
import static dev.countersign.core.action.Calls.WALLET;
import static dev.countersign.core.action.Calls.action;
import static dev.countersign.core.action.Calls.reason;
import static dev.countersign.core.action.Calls.units;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.Deed.NftApproval;
import dev.countersign.core.action.Deed.RawDigest;
import dev.countersign.core.action.Deed.TokenApproval;
import dev.countersign.core.action.Deed.TokenTransfer;
import dev.countersign.core.action.Deed.TypedMessage;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.typeddata.EthersVectors;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is expected of the documents that are hashed in `TypedDataTest`.
class TypedDataUnpackerTest {
  private static final Address USDC = Address.parse("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
  private static final Address DAI = Address.parse("0x6B175474E89094C44Da98b954EedeAC495271d0F");
  private static final BigInteger MOST_160 = BigInteger.TWO.pow(160).subtract(BigInteger.ONE);

  @Test
  void keepsAnUnknownTypeAsAMessageAlone() {
    String json = EthersVectors.json("the Mail example of EIP-712");
    assertThat(actions(json))
        .containsExactly(
            action(
                WALLET,
                new TypedMessage(
                    "Ether Mail",
                    Optional.of(Address.parse("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC")),
                    Optional.of(ChainId.ofEip155(1)),
                    "Mail",
                    json)));
  }

  @Test
  void readsPermitsOfTokens() {
    enables(
        "EIP-2612 permit",
        action(WALLET, new TokenApproval(USDC, WALLET, MALLORY, units(1_000_000), false), 1));
    enables(
        "DAI permit",
        action(
            WALLET, new TokenApproval(DAI, WALLET, MALLORY, TokenFunctions.UNLIMITED, false), 1));
    enables(
        "NFT permit",
        action(WALLET, new NftApproval(TOKEN, WALLET, MALLORY, Optional.of(units(42)), true), 1));
  }

  @Test
  void readsTheAllowancesOfPermit2() {
    enables("Permit2 single", approves(TOKEN, units(5), false, 1));
    enables(
        "Permit2 batch", approves(TOKEN, units(5), false, 1), approves(WALLET, MOST_160, false, 2));
  }

  @Test
  void readsTheSignatureTransfersOfPermit2AsComingOnTop() {
    enables("Permit2 signature transfer", approves(TOKEN, units(7), true, 1));
    enables("Permit2 with a witness", approves(TOKEN, units(7), true, 1));
    enables(
        "Permit2 batch signature transfer",
        approves(TOKEN, units(7), true, 1),
        approves(WALLET, units(8), true, 2));
  }

  @Test
  void readsTransfersOfErc3009() {
    Action transfer = action(WALLET, new TokenTransfer(USDC, WALLET, MALLORY, units(5)), 1);
    enables("ERC-3009 transfer", transfer);
    enables("ERC-3009 receipt", transfer);
  }

  @Test
  void readsTransactionsOfASafe() {
    enables("Safe transaction", action(SAFE, new TokenTransfer(TOKEN, SAFE, MALLORY, units(5)), 1));
    enables(
        "Safe delegate call",
        action(SAFE, new Deed.DelegateCall(MALLORY, Bytes.fromHex("0x12345678")), 1));
  }

  @Test
  void readsAMessageOfASafeAsADigestWhereItIsOne() {
    Digest32 digest = Digest32.fromHex("0x" + "11".repeat(32));
    enables("Safe message", action(SAFE, new RawDigest(digest), 1));
    String text = EthersVectors.json("Safe message").replace("11".repeat(32), "11".repeat(31));
    assertThat(actions(text)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EIP-2612 permit|\"value\"|\"amount\"|fields that are known",
        "EIP-2612 permit|uint256\"},{\"name\":\"nonce|uint128\"},{\"name\":\"nonce|fields that are"
            + " known",
        "EIP-2612 permit|{\"name\":\"chainId\",\"type\":\"uint256\"},||alone",
        "EIP-2612 permit|\"chainId\":1|\"chainId\":0|not zero",
        "EIP-2612 permit|\"chainId\":1|\"chainId\":\"1000000000000000000\"|18 digits",
        "EIP-2612 permit|USD Coin|USD\\u200b Coin|can be seen",
        "EIP-2612 permit|USD Coin|\\u202enioC DSU|can be seen",
        "Permit2 single|uint160|uint256|fields that are known",
        "Permit2"
            + " single|0x000000000022D473030F116dDEE9F6B43aC78BA3|0x0000000000000000000000000000000000000bad|expected"
            + " Permit2",
        "Permit2 with a"
            + " witness|TokenPermissions\":[{\"name\":\"token\"|TokenPermissions\":[{\"name\":\"coin\"|missing",
        "Safe transaction|\"operation\":0|\"operation\":2|Safe operation",
        "Safe transaction|\"gasPrice\":0|\"gasPrice\":1|no gas refund",
        "Safe transaction|\"baseGas\"|\"dataGas\"|fields that are known",
        "Safe transaction|0xa9059cbb|0xa9059cbb00|transfer(address,uint256)"
      })
  void refusesAKnownTypeThatIsNotAsItShouldBe(
      String vector, String what, String instead, String reason) {
    String right = EthersVectors.json(vector);
    assertThat(right).contains(what);
    assertThat(reason(Calls.typed(right.replace(what, instead == null ? "" : instead))))
        .contains(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Safe transaction|{\"name\":\"chainId\",\"type\":\"uint256\"},|\"chainId\":1,|every chain",
        "Safe transaction|,{\"name\":\"verifyingContract\",\"type\":\"address\"}|,\"verifyingContract\":\"0x0000000000000000000000000000000000005afe\"|verifyingContract"
            + " in the domain"
      })
  void refusesAKnownTypeInADomainThatSaysTooLittle(
      String vector, String declared, String given, String reason) {
    String right = EthersVectors.json(vector);
    assertThat(right).contains(declared).contains(given);
    assertThat(reason(Calls.typed(right.replace(declared, "").replace(given, ""))))
        .contains(reason);
  }

  private static List<Action> actions(String json) {
    return Calls.actions(Calls.typed(json));
  }

  private static Action approves(Address token, BigInteger amount, boolean added, int place) {
    return action(WALLET, new TokenApproval(token, WALLET, MALLORY, amount, added), place);
  }

  private static void enables(String vector, Action... within) {
    List<Action> actions = actions(EthersVectors.json(vector));
    assertThat(actions.getFirst().deed()).isInstanceOf(TypedMessage.class);
    assertThat(actions.getFirst().account()).isEqualTo(WALLET);
    assertThat(actions.subList(1, actions.size())).containsExactly(within);
  }
}
