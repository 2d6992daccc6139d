package dev.countersign.cli.policy;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.GetCoverageRequest;
import dev.countersign.api.v1.GetCoverageResponse;
import dev.countersign.api.v1.RuleCoverage;
import dev.countersign.api.v1.RuleOutcome.Effect;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Table;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign policy coverage`.
@Command(
    name = "coverage",
    description = {
      "Says in how many requests of a period each rule of the active policy matched, and which"
          + " never did. Exits with 0 when each did, with 1 when one did not."
    })
public final class CoverageCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "30d",
      description = "From when on: 12h, 30d, 2026-11-02T12:00:00Z. Default: ${DEFAULT-VALUE}")
  private String since = "30d";

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    Instant from = Ago.parse("--since", since, Instant.now());
    GetCoverageResponse coverage;
    try (var server = connection.connect(ShadowCommand.CLIENT)) {
      coverage =
          server
              .policyInsight()
              .getCoverage(
                  GetCoverageRequest.newBuilder()
                      .setSince(
                          Timestamp.newBuilder()
                              .setSeconds(from.getEpochSecond())
                              .setNanos(from.getNano()))
                      .build());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      printJson(coverage, out);
    } else {
      print(coverage, out);
    }
    out.flush();
    return never(coverage).isEmpty() ? ExitCode.OK : ExitCode.NO;
  }

  private static List<String> never(GetCoverageResponse coverage) {
    return coverage.getRulesList().stream()
        .filter(rule -> rule.getMatched() == 0)
        .map(RuleCoverage::getRule)
        .toList();
  }

  static void print(GetCoverageResponse coverage, PrintWriter out) {
    var table = new Table("RULE", "EFFECT", "REQUESTS", "LAST");
    for (RuleCoverage rule : coverage.getRulesList()) {
      table.add(
          List.of(
              LogWords.lines(rule.getRule()),
              effect(rule),
              Long.toUnsignedString(rule.getMatched()),
              rule.hasLastTime() ? ReplayText.time(rule.getLastTime()).toString() : "never"));
    }
    table.print(out);
    List<String> never = never(coverage);
    out.println(
        "policy version %s: %s"
            .formatted(
                Long.toUnsignedString(coverage.getPolicyVersion()),
                never.isEmpty()
                    ? "every rule matched"
                    : "never matched: " + String.join(", ", never)));
  }

  private static void printJson(GetCoverageResponse coverage, PrintWriter out) {
    var node =
        ReplayText.JSON
            .createObjectNode()
            .put("policyVersion", coverage.getPolicyVersion())
            .put("policyHash", coverage.getPolicyHash());
    var rules = node.putArray("rules");
    for (RuleCoverage rule : coverage.getRulesList()) {
      var one =
          rules
              .addObject()
              .put("rule", rule.getRule())
              .put("effect", effect(rule))
              .put("matched", rule.getMatched());
      if (rule.hasLastTime()) {
        one.put("last", ReplayText.time(rule.getLastTime()).toString());
      }
    }
    out.println(node.toPrettyString());
  }

  private static String effect(RuleCoverage rule) {
    return rule.getEffect() == Effect.EFFECT_UNSPECIFIED
        ? "no longer there"
        : rule.getEffect().name().replace("EFFECT_", "");
  }
}
