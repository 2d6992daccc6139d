package dev.countersign.cli.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.api.v1.MarketFees;
import dev.countersign.api.v1.MarketFees.Strategy;
import dev.countersign.cli.CommandException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class FeeOptionsTest {
  @Command
  private static final class Asking {
    @Mixin private FeeOptions fees = new FeeOptions();
  }

  @Test
  void saysWhatWasSaidAndNothingElse() {
    assertThat(fees()).isEmpty();
    assertThat(fees("--fee", "economy"))
        .contains(MarketFees.newBuilder().setStrategy(Strategy.STRATEGY_ECONOMY).build());
    assertThat(fees("--fee-cap", "40gwei"))
        .contains(MarketFees.newBuilder().setMaxFeePerGas("40000000000").build());
    assertThat(fees("--fee", "fixed-cap", "--fee-cap", "7"))
        .contains(
            MarketFees.newBuilder()
                .setStrategy(Strategy.STRATEGY_FIXED_CAP)
                .setMaxFeePerGas("7")
                .build());
  }

  @Test
  void refusesWhatIsNoStrategyAndAFixedCapWithoutOne() {
    assertThatThrownBy(() -> fees("--fee", "fast"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("--fee fast: expected economy, normal, urgent, fixed-cap");
    assertThatThrownBy(() -> fees("--fee", "fixed-cap"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("needs --fee-cap");
  }

  @Test
  void showsThemInWords() {
    assertThat(fees("--fee", "urgent", "--fee-cap", "2").map(FeeWords::shown))
        .contains("urgent, at most 2 wei per gas");
    assertThat(FeeWords.shown(MarketFees.newBuilder().setGasLimit(50_000).build()))
        .isEqualTo("the chain's own strategy, gas limit 50000");
    assertThat(FeeWords.shown(MarketFees.newBuilder().setStrategyValue(9).build()))
        .isEqualTo("something this version does not know");
  }

  private static Optional<MarketFees> fees(String... arguments) {
    Asking asking = new Asking();
    new CommandLine(asking).parseArgs(arguments);
    return asking.fees.fees();
  }
}
