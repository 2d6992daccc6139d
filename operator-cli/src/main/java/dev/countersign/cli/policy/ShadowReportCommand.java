package dev.countersign.cli.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.api.v1.GetShadowRequest;
import dev.countersign.api.v1.GetShadowResponse;
import dev.countersign.api.v1.ReplayDifference;
import dev.countersign.api.v1.Shadow;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.connection.ConnectionOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign policy shadow report`.
@Command(
    name = "report",
    description = {
      "Says what the draft would have said other than what was said. Exits with 0 when that is"
          + " nothing, with 1 when there is something."
    })
public final class ShadowReportCommand implements Callable<Integer> {
  private static final int PAGE = 500;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--id",
      paramLabel = "UUID",
      defaultValue = "",
      description = "Which one. Default: the one that was started last")
  private String id = "";

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "50",
      description = "How many differences to show at most, the newest. Default: ${DEFAULT-VALUE}")
  private int most = 50;

  @Option(names = "--json", description = "Print one JSON object a line; the last is the shadow.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    var question = GetShadowRequest.newBuilder().setId(id);
    int shown = 0;
    Shadow shadow;
    try (var server = connection.connect(ShadowCommand.CLIENT)) {
      do {
        question.setPageSize(Math.clamp((long) most - shown, 1, PAGE));
        GetShadowResponse page = server.policyInsight().getShadow(question.build());
        for (ReplayDifference difference : page.getDifferencesList()) {
          if (shown < most) {
            out.println(json ? ReplayText.json(difference) : ReplayText.text(difference));
          }
          shown++;
        }
        shadow = page.getShadow();
        question.setId(shadow.getId()).setPageToken(page.getNextPageToken());
      } while (shown < most && !question.getPageToken().isEmpty());
    }
    if (json) {
      out.println(json(shadow));
    } else {
      ShadowCommand.lines(shadow).forEach(out::println);
    }
    out.flush();
    return shown == 0 ? ExitCode.OK : ExitCode.NO;
  }

  private static ObjectNode json(Shadow shadow) {
    ObjectNode node =
        ReplayText.JSON
            .createObjectNode()
            .put("id", shadow.getId())
            .put("policyHash", shadow.getPolicyHash())
            .put("started", ReplayText.time(shadow.getStartTime()).toString())
            .put("startedBy", shadow.getStartedBy())
            .put("problem", shadow.getProblem());
    if (shadow.hasStopTime()) {
      node.put("stopped", ReplayText.time(shadow.getStopTime()).toString());
    }
    if (shadow.hasFollowTime()) {
      node.put("followed", ReplayText.time(shadow.getFollowTime()).toString());
    }
    if (shadow.hasSummary()) {
      node.set("summary", ReplayText.json(shadow.getSummary()));
    }
    return node;
  }
}
