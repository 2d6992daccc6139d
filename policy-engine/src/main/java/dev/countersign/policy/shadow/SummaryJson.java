package dev.countersign.policy.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.policy.replay.ReplayAnswer;
import dev.countersign.policy.replay.ReplaySummary;
import dev.countersign.policy.replay.ReplaySummary.Change;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// The numbers of a shadow as they are stored.
final class SummaryJson {
  private static final JsonMapper JSON = new JsonMapper();

  private SummaryJson() {}

  static String write(ReplaySummary summary) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("countersFrom", summary.countersFrom().toString())
            .put("warmedUp", summary.warmedUp())
            .put("judged", summary.judged())
            .put("heldOtherwise", summary.heldOtherwise())
            .put("feesUnknown", summary.feesUnknown())
            .put("frozen", summary.frozen())
            .put("unjudged", summary.unjudged())
            .put("unknownWallet", summary.unknownWallet());
    ObjectNode answers = node.putObject("answers");
    summary
        .answers()
        .forEach((change, count) -> answers.put(change.before() + " " + change.after(), count));
    return node.toString();
  }

  static ReplaySummary read(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      Map<Change, Long> answers = new HashMap<>();
      node.path("answers")
          .properties()
          .forEach(
              entry -> {
                String[] change = entry.getKey().split(" ", 2);
                answers.put(
                    new Change(ReplayAnswer.valueOf(change[0]), ReplayAnswer.valueOf(change[1])),
                    entry.getValue().asLong());
              });
      return new ReplaySummary(
          Instant.parse(node.path("countersFrom").asText()),
          node.path("warmedUp").asLong(),
          node.path("judged").asLong(),
          answers,
          node.path("heldOtherwise").asLong(),
          node.path("feesUnknown").asLong(),
          node.path("frozen").asLong(),
          node.path("unjudged").asLong(),
          node.path("unknownWallet").asLong());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the numbers of a shadow are not JSON", e);
    }
  }
}
