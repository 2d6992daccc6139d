package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CountersignTest {
  @TempDir private Path directory;

  @Test
  void everyCommandHasHelpWithADescription() {
    var commands = new ArrayDeque<>(List.of(Countersign.commandLine()));
    while (!commands.isEmpty()) {
      CommandLine command = commands.pop();
      assertThat(command.getUsageMessage()).contains("--help").contains("Exit codes:");
      assertThat(command.getCommandSpec().usageMessage().description())
          .as(command.getCommandSpec().qualifiedName())
          .isNotEmpty();
      command.getSubcommands().values().stream()
          .filter(sub -> !sub.getCommandName().equals("help"))
          .forEach(commands::push);
    }
  }

  @Test
  void withoutACommandItShowsItsHelp() {
    var run = Run.of();
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("Usage: countersign").contains("name a command");
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheNearest() {
    var run = Run.of("sandbax");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("Did you mean: countersign sandbox");
  }

  @Test
  void versionSaysTheBuildsVersion() {
    var run = Run.of("--version");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).matches("(?s)countersign [0-9]+\\.[0-9]+\\.[0-9]+.*Java 25.*");
    assertThat(Run.of("version").out()).isEqualTo(run.out());
  }

  @Test
  void groupsOfCommandsSayWhatTheyHave() {
    for (var group :
        List.of("request", "wallet", "vault", "balance", "policy", "chain", "lane", "audit")) {
      var run = Run.of(group);
      assertThat(run.exitCode()).as(group).isEqualTo(ExitCode.USAGE);
      assertThat(run.err()).contains("Usage: countersign " + group).contains("name what to do");
    }
  }

  @Test
  void aMissingOptionIsNamed() {
    var run = Run.of("request", "sign", "--wallet", "hot-1");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .contains("Missing required argument (specify one of these)")
        .contains("--to=ADDRESS | --create=0xHEX");
  }

  @Test
  void aWrongAmountIsExplained() {
    var run = Run.of("request", "sign", "--wallet=w", "--to=0x", "--amount=1,5ether");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("'1,5ether' is not an amount such as 250000");
  }

  @Test
  void aTokenTransferIsNoCall() {
    var run = Run.of("request", "sign", "--wallet=w", "--to=0x", "--token=0x", "--data=0x12345678");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--token and --data exclude each other");
  }

  @Test
  void withoutASandboxItSaysHowToStartOne() {
    var run = Run.of("wallet", "list", "--home", directory.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "countersign: no sandbox in "
                + directory
                + ": start one with ./countersign sandbox, or name a server with --server, --ca,"
                + " --cert and --key\n");
  }

  @Test
  void halfAServerIsNotEnough() {
    var run = Run.of("vault", "list", "--server=127.0.0.1:1");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("needs all of --server, --ca, --cert and --key");
  }

  @Test
  void aMissingCertificateIsNamed() throws Exception {
    var file = Files.createFile(directory.resolve("some.pem")).toString();
    var run =
        Run.of(
            "vault", "list", "--server=127.0.0.1:1", "--ca", file, "--cert", file, "--key=/none");
    assertThat(run.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(run.err()).contains("--key /none is not a file you can read");
  }
}
