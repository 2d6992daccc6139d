package dev.countersign.cli.audit;

import dev.countersign.audit.report.CellText;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// What there is to say about a log.
public final class LogWords {
  private LogWords() {}

  /// {@return one line about a log that is whole}
  public static String verified(VerificationResult.Verified result) {
    var checkpoint = result.checkpoint().checkpoint();
    return "log verified: %s of %s, root %s"
        .formatted(
            count(checkpoint.treeSize(), "entry"), checkpoint.origin(), checkpoint.root().hex());
  }

  /// Lines about a log that is not.
  static String broken(String target, VerificationResult.Broken result) {
    var lines = new StringBuilder();
    lines.append(target).append(": NOT verified, ").append(count(result.total(), "finding"));
    for (Finding finding : result.findings()) {
      lines.append("\n  ").append(lines(finding.message()).replace("\n", "\n  "));
    }
    return lines.toString();
  }

  /// Lines about a log that was looked at in part.
  static String inPart(String target, VerificationResult.VerifiedInPart result) {
    var checkpoint = result.checkpoint().checkpoint();
    return ("%s: verified in part only%n  all hashes and checkpoints of %s are what was signed, and"
            + " so are all entries that are in the tables; %s of %s, with indexes below %d, were"
            + " archived and nobody looked at them: give the archive with --archive DIR")
        .formatted(
            target,
            checkpoint.origin(),
            result.notLookedAt(),
            count(checkpoint.treeSize(), "entry"),
            result.below());
  }

  static String count(long number, String what) {
    var many = what.endsWith("y") ? what.substring(0, what.length() - 1) + "ies" : what + "s";
    return number + " " + (number == 1 ? what : many);
  }

  /// Lines that may repeat what somebody else wrote: none of it moves a terminal's cursor, or turns
  /// the direction of writing.
  public static String lines(String message) {
    return message.lines().map(CellText::visible).collect(Collectors.joining("\n"));
  }

  /// An entry is JSON, and shown as one line.
  static String text(Bytes entry) {
    return text(new String(entry.toArray(), StandardCharsets.UTF_8));
  }

  /// [#text] for one value of an entry.
  static String text(String value) {
    return CellText.visible(value);
  }
}
