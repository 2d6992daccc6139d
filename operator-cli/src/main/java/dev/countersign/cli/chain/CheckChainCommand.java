package dev.countersign.cli.chain;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.terminal.Table;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitionException;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.check.ChainCheck;
import dev.countersign.nonce.check.Finding;
import dev.countersign.nonce.check.Finding.Outcome;
import dev.countersign.nonce.node.NodeSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign chain check`.
@Command(
    name = "check",
    description = {
      "Reads a chain's definition as a server would, and asks its nodes whether it is true: chain"
          + " id, age of the newest block, fee model, block tags, batches, and that they are on one"
          + " chain. Changes nothing."
    })
public final class CheckChainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The definition, in YAML.")
  @SuppressWarnings("NullAway.Init") // picocli's
  private Path file;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "A node to ask instead of those in the file; may be given several times.")
  private List<String> endpoints = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (!Files.isReadable(file)) {
      throw CommandException.unavailable(file + " is not a file you can read");
    }
    ChainDefinition chain = definition();
    List<Finding> findings =
        new ChainCheck(chain, NodeSettings.DEFAULT, InstantSource.system()).run();
    var out = spec.commandLine().getOut();
    out.println(
        LogWords.lines(
            "%s: %s, %s, %d of %d endpoints make a quorum"
                .formatted(
                    file, chain.id(), chain.name(), chain.quorum(), chain.endpoints().size())));
    var table = new Table("ENDPOINT", "CHECK", "", "");
    findings.forEach(
        finding ->
            table.add(
                List.of(
                    finding.endpoint(),
                    finding.check(),
                    word(finding.outcome()),
                    LogWords.lines(finding.detail()))));
    table.print(out);
    if (has(findings, Outcome.WRONG)) {
      return ExitCode.NO;
    }
    return has(findings, Outcome.NO_ANSWER) ? ExitCode.UNAVAILABLE : ExitCode.OK;
  }

  private ChainDefinition definition() {
    try {
      return ChainDefinitions.read(file, endpoints.stream().map(this::endpoint).toList());
    } catch (ChainDefinitionException e) {
      throw CommandException.no(String.valueOf(e.getMessage()));
    }
  }

  /// Not repeated in a message: it may hold a key.
  private ChainEndpoint endpoint(String text) {
    try {
      return ChainEndpoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--endpoint: " + e.getMessage());
    }
  }

  private static boolean has(List<Finding> findings, Outcome outcome) {
    return findings.stream().anyMatch(finding -> finding.outcome() == outcome);
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case FINE -> "ok";
      case NOTED -> "note";
      case WRONG -> "WRONG";
      case NO_ANSWER -> "NO ANSWER";
    };
  }
}
