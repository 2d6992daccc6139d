package dev.countersign.nonce.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.check.Finding.Outcome;
import dev.countersign.nonce.node.NodeSettings;
import dev.countersign.nonce.testing.FakeNode;
import dev.countersign.nonce.testing.FaultyNode;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

@WithTestEnvironment
@Timeout(60)
class ChainCheckIT {
  private static final String DEFINITION =
      """
      id: eip155:31337
      name: Test
      nativeSymbol: ETH
      feeModel: eip1559
      confirmations: 1
      pollInterval: 1s
      finality: [safe, finalized]
      """;

  private final DevChain chain;
  private final FaultyNode good;
  private final FaultyNode bad;
  @TempDir private Path directory;

  ChainCheckIT(DevChain chain) {
    this.chain = chain;
    this.good = new FaultyNode(chain.rpcUrl());
    this.bad = new FaultyNode(chain.rpcUrl());
  }

  @BeforeEach
  void mine() {
    chain.rpc().mine(5);
  }

  @AfterEach
  void close() {
    good.close();
    bad.close();
  }

  @Test
  void aDefinitionThatIsTrueHasNothingWrong() throws IOException {
    List<Finding> findings = check(DEFINITION, good.url(), bad.url());
    assertThat(findings)
        .extracting(Finding::check, Finding::outcome)
        .containsExactly(
            tuple("chain id", Outcome.FINE),
            tuple("head", Outcome.FINE),
            tuple("fee model", Outcome.FINE),
            tuple("fee history", Outcome.FINE),
            tuple("safe", Outcome.FINE),
            tuple("finalized", Outcome.FINE),
            tuple("batch", Outcome.FINE),
            tuple("chain id", Outcome.FINE),
            tuple("head", Outcome.FINE),
            tuple("fee model", Outcome.FINE),
            tuple("fee history", Outcome.FINE),
            tuple("safe", Outcome.FINE),
            tuple("finalized", Outcome.FINE),
            tuple("batch", Outcome.FINE),
            tuple("agreement", Outcome.FINE));
    assertThat(findings.getFirst().endpoint()).startsWith("1 http://127.0.0.1:");
  }

  @Test
  void anotherChainIsWrongAndNothingElseIsAsked() throws IOException {
    assertThat(check(DEFINITION.replace("31337", "5"), good.url()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.outcome()).isEqualTo(Outcome.WRONG);
              assertThat(finding.detail())
                  .contains("expected a node of chain eip155:5, it is one of chain eip155:31337");
            });
  }

  @Test
  void aNodeThatIsNotThereHasNoAnswer() throws IOException {
    bad.cut();
    assertThat(check(DEFINITION, bad.url()))
        .extracting(Finding::check, Finding::outcome)
        .containsExactly(tuple("chain id", Outcome.NO_ANSWER));
  }

  @Test
  void aFeeModelThatIsAnotherIsWrong() throws IOException {
    assertThat(wrong(check(DEFINITION.replace("eip1559", "legacy"), good.url())))
        .isEqualTo(
            "fee model: legacy, but blocks have a base fee: expected eip1559, op-stack or"
                + " arbitrum");
    bad.lie("eth_getBlockByNumber", block -> without(block, "baseFeePerGas"));
    assertThat(wrong(check(DEFINITION, bad.url())))
        .isEqualTo("fee model: eip1559, but blocks have no base fee: expected legacy");
    bad.heal();
    bad.lie("eth_feeHistory", history -> without(history, "baseFeePerGas"));
    assertThat(wrong(check(DEFINITION.replace("eip1559", "op-stack"), bad.url())))
        .isEqualTo("fee model: op-stack, but eth_feeHistory tells no base fees");
  }

  @Test
  void aNodeThatTellsNoTipsIsNoted() throws IOException {
    bad.lie("eth_feeHistory", history -> without(history, "reward"));
    assertThat(check(DEFINITION, bad.url()))
        .filteredOn(finding -> finding.check().equals("fee history"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.outcome()).isEqualTo(Outcome.NOTED);
              assertThat(finding.detail())
                  .isEqualTo("no tips: all strategies take the one that the node proposes");
            });
  }

  @Test
  void anOldHeadIsWrongWhereBlocksComeByTheClock() throws IOException {
    InstantSource later = InstantSource.offset(InstantSource.system(), Duration.ofHours(1));
    assertThat(wrong(check(DEFINITION, later, good.url())))
        .startsWith("head: block ")
        .endsWith("expected at most 180 s: is it synchronised?");
    assertThat(check(DEFINITION.replace("eip1559", "arbitrum"), later, good.url()))
        .filteredOn(finding -> finding.check().equals("head"))
        .extracting(Finding::outcome)
        .containsExactly(Outcome.NOTED);
  }

  @Test
  void aTagThatIsClaimedAndNotAnsweredIsWrong() throws IOException {
    String newest = "0x" + Long.toHexString(chain.rpc().blockNumber());
    bad.lie(
        "eth_getBlockByNumber",
        block -> newest.equals(block.path("number").asString("")) ? block : NullNode.getInstance());
    assertThat(check(DEFINITION, bad.url()))
        .filteredOn(finding -> finding.outcome() == Outcome.WRONG)
        .extracting(Finding::check)
        .containsExactly("safe", "finalized");
    assertThat(check(DEFINITION.replace("safe, finalized", ""), bad.url()))
        .noneMatch(finding -> finding.outcome() == Outcome.WRONG);
    assertThat(check(DEFINITION.replace("safe, finalized", ""), good.url()))
        .filteredOn(finding -> finding.outcome() == Outcome.NOTED)
        .extracting(Finding::check)
        .containsExactly("safe", "finalized");
  }

  @Test
  void aNodeThatTakesSmallBatchesIsNoted() throws IOException {
    try (FakeNode node = new FakeNode().onChain(31337).atBlock(1).batchesUpTo(10)) {
      assertThat(check(DEFINITION, node.url()))
          .filteredOn(finding -> finding.check().equals("batch"))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.outcome()).isEqualTo(Outcome.NOTED);
                assertThat(finding.detail()).contains("takes 6 calls at once, not 100");
              });
    }
  }

  @Test
  void nodesOfDifferentForksDoNotAgree() throws IOException {
    bad.lie(
        "eth_getBlockByNumber",
        block ->
            block instanceof ObjectNode object
                ? object.deepCopy().put("hash", "0x" + "99".repeat(32))
                : block);
    assertThat(wrong(check(DEFINITION, good.url(), bad.url())))
        .startsWith("agreement: block ")
        .contains("expected the same hash everywhere");
  }

  private static JsonNode without(JsonNode result, String field) {
    if (result instanceof ObjectNode object) {
      ObjectNode copy = object.deepCopy();
      copy.remove(field);
      return copy;
    }
    return result;
  }

  private static String wrong(List<Finding> findings) {
    List<Finding> wrong =
        findings.stream().filter(finding -> finding.outcome() == Outcome.WRONG).toList();
    assertThat(wrong).hasSize(1);
    return wrong.getFirst().check() + ": " + wrong.getFirst().detail();
  }

  private List<Finding> check(String definition, URI... endpoints) throws IOException {
    return check(definition, InstantSource.system(), endpoints);
  }

  private List<Finding> check(String definition, InstantSource clock, URI... endpoints)
      throws IOException {
    Path file = Files.writeString(directory.resolve("chain.yaml"), definition);
    ChainDefinition chain =
        ChainDefinitions.read(file, Arrays.stream(endpoints).map(ChainEndpoint::of).toList());
    return new ChainCheck(chain, NodeSettings.DEFAULT, clock).run();
  }
}
