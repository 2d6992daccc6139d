package dev.countersign.cli.policy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.FirstAnswer;
import dev.countersign.api.v1.ReplayDifference;
import dev.countersign.api.v1.ReplaySummary;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.request.RequestText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a draft says of real requests, for people and for programs.
final class ReplayText {
  static final JsonMapper JSON = new JsonMapper();

  private ReplayText() {}

  static String text(ReplayDifference difference) {
    var request = difference.getRequest();
    return LogWords.lines(
        "%s %s -> %s  %s by %s, %s out of %s%n  was %s%n  is  %s%s%s"
            .formatted(
                time(difference.getJudgeTime()),
                word(difference.getBefore()),
                word(difference.getAfter()),
                request.getRequestId(),
                difference.getClient(),
                RequestText.intent(request),
                request.getWallet(),
                difference.getBeforeRule(),
                difference.getAfterRule(),
                difference.getReason().isEmpty() ? "" : ": " + difference.getReason(),
                difference.getFeesUnknown() ? " (as if gas cost nothing)" : ""));
  }

  static ObjectNode json(ReplayDifference difference) {
    var request = difference.getRequest();
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", request.getId())
            .put("client", difference.getClient())
            .put("requestId", request.getRequestId())
            .put("wallet", request.getWallet())
            .put("chain", request.getChain())
            .put("at", time(difference.getJudgeTime()).toString());
    node.putObject("before")
        .put("answer", word(difference.getBefore()))
        .put("rule", difference.getBeforeRule());
    node.putObject("after")
        .put("answer", word(difference.getAfter()))
        .put("rule", difference.getAfterRule())
        .put("reason", difference.getReason());
    return node.put("feesUnknown", difference.getFeesUnknown());
  }

  static List<String> lines(ReplaySummary summary) {
    var lines = new ArrayList<String>();
    lines.add(
        "%d requests judged; the draft's limits count from %s on, with %d requests before the period"
            .formatted(
                summary.getJudged(), time(summary.getCountersFrom()), summary.getWarmedUp()));
    summary
        .getAnswersList()
        .forEach(
            count ->
                lines.add(
                    "  %s -> %s: %d"
                        .formatted(
                            word(count.getBefore()), word(count.getAfter()), count.getCount())));
    if (summary.getHeldOtherwise() > 0) {
      lines.add("  of those held both times, for something else: " + summary.getHeldOtherwise());
    }
    if (summary.getFeesUnknown() > 0) {
      lines.add(
          "  judged as if gas cost nothing, since its cost is not known: "
              + summary.getFeesUnknown());
    }
    lines.add(
        "  left out: %d frozen, %d never judged, %d of wallets that cannot be found"
            .formatted(summary.getFrozen(), summary.getUnjudged(), summary.getUnknownWallet()));
    return lines;
  }

  static ObjectNode json(ReplaySummary summary) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("countersFrom", time(summary.getCountersFrom()).toString())
            .put("warmedUp", summary.getWarmedUp())
            .put("judged", summary.getJudged())
            .put("heldOtherwise", summary.getHeldOtherwise())
            .put("feesUnknown", summary.getFeesUnknown())
            .put("frozen", summary.getFrozen())
            .put("unjudged", summary.getUnjudged())
            .put("unknownWallet", summary.getUnknownWallet());
    var answers = node.putArray("answers");
    summary
        .getAnswersList()
        .forEach(
            count ->
                answers
                    .addObject()
                    .put("before", word(count.getBefore()))
                    .put("after", word(count.getAfter()))
                    .put("count", count.getCount()));
    return node;
  }

  static Instant time(Timestamp at) {
    return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
  }

  private static String word(FirstAnswer answer) {
    return answer.name().replace("FIRST_ANSWER_", "").toLowerCase(Locale.ROOT);
  }
}
