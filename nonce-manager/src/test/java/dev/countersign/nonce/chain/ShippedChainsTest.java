package dev.countersign.nonce.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShippedChainsTest {
  private static final Path FOLDER =
      Path.of("src/main/resources/dev/countersign/nonce/chain/definitions");

  private final List<ChainDefinition> all = ShippedChains.all();

  @Test
  void everyFileIsReadAndComplete() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(ShippedChains.NAMES);
    }
    assertThat(all).extracting(ChainDefinition::id).doesNotHaveDuplicates();
    for (String name : ShippedChains.NAMES) {
      String text = Files.readString(FOLDER.resolve(name + ".yaml"));
      for (String key : ChainFile.KEYS) {
        if (!List.of(
                "endpoints",
                "quorum",
                "explorer",
                "tokens",
                "balanceInterval",
                "replacement",
                "fees",
                "privateRelay")
            .contains(key)) {
          assertThat(text).as(name).containsPattern("(?m)^" + key + ": ");
        }
      }
      assertThat(text).as("operators bring their own").doesNotContain("endpoints");
      assertThat(text).startsWith("# ");
    }
  }

  @Test
  void theChainsThatPeopleAskForAreThere() {
    assertThat(all)
        .extracting(
            chain -> chain.id().eip155(), ChainDefinition::nativeAsset, ChainDefinition::feeModel)
        .contains(
            tuple(1L, "eip155:1/slip44:60", FeeModel.EIP1559),
            tuple(56L, "eip155:56/slip44:714", FeeModel.EIP1559),
            tuple(137L, "eip155:137/slip44:966", FeeModel.EIP1559),
            tuple(42161L, "eip155:42161/slip44:60", FeeModel.ARBITRUM),
            tuple(10L, "eip155:10/slip44:60", FeeModel.OP_STACK),
            tuple(8453L, "eip155:8453/slip44:60", FeeModel.OP_STACK),
            tuple(43114L, "eip155:43114/slip44:9005", FeeModel.EIP1559));
    assertThat(all.stream().filter(chain -> chain.facts().testNetwork()))
        .extracting(chain -> chain.id().eip155())
        .containsExactlyInAnyOrder(
            11155111L, 560048L, 97L, 80002L, 421614L, 11155420L, 84532L, 43113L);
    assertThat(all.stream().filter(chain -> chain.facts().testNetwork()))
        .allMatch(chain -> chain.facts().slip44() == 1);
  }
}
