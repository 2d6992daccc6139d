package dev.countersign.cli.policy;

import dev.countersign.api.v1.GivenApproval;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.policy.diff.PolicyDiff;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A proposal in words, made from its bytes.
final class ProposalWords {
  private static final int LABEL_WIDTH = 12;

  private ProposalWords() {}

  static List<String> of(ReceivedProposal received) {
    PolicyChangeStatement statement = received.statement();
    var lines = new ArrayList<String>();
    lines.addAll(change(received.base(), received.document()));
    lines.add(line("proposal", statement.proposal() + ", " + state(received)));
    lines.add(line("deployment", statement.deployment()));
    lines.add(
        line(
            "proposed by",
            statement.proposer().map(ClientId::value).orElse("the founders")
                + ", "
                + statement.asked()));
    if (!received.message().getNote().isEmpty()) {
      lines.add(line("note", LogWords.lines(received.message().getNote()).replace("\n", " ")));
    }
    lines.add(
        line(
            "follows",
            "version %d (sha256 %s)"
                .formatted(statement.baseNumber(), statement.baseHash().hex())));
    lines.add(
        line(
            "document",
            "%d bytes (sha256 %s)".formatted(statement.size(), statement.document().hex())));
    lines.add(line("needs", statement.quorum().words()));
    received.message().getGivenList().forEach(given -> lines.add(line("", given(given))));
    if (!statement.delay().isZero()) {
      lines.add(line("delay", statement.delay() + " after it is approved"));
    }
    lines.add(line("expires", statement.expires().toString()));
    lines.add(line("statement", "sha256 " + statement.digest()));
    return lines;
  }

  private static String state(ReceivedProposal received) {
    var message = received.message();
    String state = message.getState().name().substring("STATE_".length());
    return LogWords.lines(
        message.getReason().isEmpty() ? state : state + ": " + message.getReason());
  }

  private static String given(GivenApproval given) {
    String decided =
        given.getDecision() == GivenApproval.Decision.DECISION_REJECT ? "rejected" : "approved";
    String reason = given.getReason().isEmpty() ? "" : ": " + given.getReason();
    return LogWords.lines(
        "the server says that %s %s%s".formatted(given.getApprover(), decided, reason));
  }

  /// What changes: the one place that shows it.
  ///
  /// @param before the document that is followed; empty before the first
  static List<String> change(Bytes before, Bytes after) {
    return !before.isEmpty()
            && PolicyDiff.of(before.toArray(), after.toArray())
                instanceof PolicyDiff.Outcome.Compared(PolicyDiff diff)
        ? DiffText.of(diff)
        : whole(after);
  }

  /// Of the first policy, and of one that follows what this release cannot read.
  private static List<String> whole(Bytes document) {
    var lines = new ArrayList<String>();
    lines.add("--- the whole document that would be active ---");
    new String(document.toArray(), StandardCharsets.UTF_8)
        .lines()
        .map(line -> "  " + LogWords.lines(line))
        .forEach(lines::add);
    lines.add("--- end ---");
    return lines;
  }

  static String line(String label, String value) {
    return String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s %s", label, value);
  }
}
