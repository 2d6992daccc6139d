package dev.countersign.cli.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@WithTestEnvironment
@Timeout(60)
class ChainCommandIT {
  private static final String DEFINITION =
      """
      id: eip155:31337
      name: Test
      nativeSymbol: ETH
      feeModel: eip1559
      confirmations: 1
      pollInterval: 1s
      """;

  private final DevChain chain;
  @TempDir private Path directory;
  private String out = "";
  private String err = "";

  ChainCommandIT(DevChain chain) {
    this.chain = chain;
  }

  private int run(Object... arguments) {
    var said = new StringWriter();
    var complained = new StringWriter();
    int code =
        Countersign.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(complained))
            .execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
    out = said.toString();
    err = complained.toString();
    return code;
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("chain.yaml"), text);
  }

  @Test
  void aDefinitionThatIsTrueIsAnsweredWithYes() throws IOException {
    chain.rpc().mine(3);
    Path file = write(DEFINITION + "endpoints: [\"%s\"]\n".formatted(chain.rpcUrl()));
    assertThat(run("chain", "check", file)).isEqualTo(ExitCode.OK);
    assertThat(out)
        .contains(file + ": eip155:31337, Test, 1 of 1 endpoints make a quorum")
        .containsPattern("1 http://127.0.0.1:[0-9]+ +chain id +ok +eip155:31337")
        .containsPattern("fee model +ok +eip1559, base fee [0-9]+ wei")
        .containsPattern("fee history +ok +[0-9]+ blocks?; tips at the percentiles \\[10, 50, 90]")
        .containsPattern("safe +note +block [0-9]+, though the definition does not claim the tag")
        .containsPattern("batch +ok +100 calls at once");
    assertThat(err).isEmpty();
  }

  @Test
  void endpointsOnTheCommandLineTakeThePlaceOfTheFiles() throws IOException {
    Path file = write("id: eip155:10\nendpoints: [\"http://127.0.0.1:1/secretkey\"]\n");
    assertThat(run("chain", "check", file, "--endpoint", chain.rpcUrl())).isEqualTo(ExitCode.NO);
    assertThat(out)
        .contains("eip155:10, OP Mainnet")
        .containsPattern("chain id +WRONG .*expected a node of chain eip155:10");
  }

  @Test
  void nodesThatDoNotAnswerLeaveTheQuestionOpen() throws IOException {
    Path file = write("id: eip155:10\nendpoints: [\"http://127.0.0.1:1/secretkey\"]\n");
    assertThat(run("chain", "check", file)).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(out).containsPattern("chain id +NO ANSWER").doesNotContain("secretkey");
  }

  @Test
  void aFileThatIsNoDefinitionIsAnsweredWithItsLine() throws IOException {
    Path file = write(DEFINITION.replace("eip1559", "auction") + "endpoints: [\"http://n\"]\n");
    assertThat(run("chain", "check", file)).isEqualTo(ExitCode.NO);
    assertThat(err)
        .contains(file + ":4: feeModel: expected one of eip1559, legacy, op-stack, arbitrum");
    assertThat(run("chain", "check", directory.resolve("absent"))).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void anEndpointThatIsNoUrlIsAMistakeOfTheCommandLine() throws IOException {
    Path file = write(DEFINITION);
    assertThat(run("chain", "check", file, "--endpoint", "ftp://host/secretkey"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("--endpoint: expected an http or https URL").doesNotContain("secret");
  }

  @Test
  void listsTheChainsThatAreKnown() {
    assertThat(run("chain", "list")).isEqualTo(ExitCode.OK);
    assertThat(out.lines()).hasSize(16);
    assertThat(out)
        .containsPattern("eip155:56 +BNB Smart Chain +BNB eip155:56/slip44:714 +eip1559 +450 ms")
        .containsPattern("eip155:11155111 +Sepolia .*test network");
    assertThat(run("chain")).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("name what to do with chains: check, list");
  }
}
