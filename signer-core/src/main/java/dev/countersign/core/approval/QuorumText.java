package dev.countersign.core.approval;

import dev.countersign.core.approval.RuleQuorum.AllOf;
import dev.countersign.core.approval.RuleQuorum.AnyOf;
import dev.countersign.core.approval.RuleQuorum.Members;
import dev.countersign.core.model.InvalidValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The text of a quorum, and back:
///
/// ```
/// quorum  = each / rule
/// each    = "each of (" rule 1*("; " rule) ")"
/// rule    = members / ("all of (" / "any of (") rule *("; " rule) ")"
/// members = count " of " group "(" name *("," name) ")"
/// ```
final class QuorumText {
  private static final Pattern MEMBERS =
      Pattern.compile("([1-9][0-9]{0,4}) of ([a-z0-9-]{1,63})\\(([a-z0-9,-]{1,16384})\\)");
  static final int LONGEST = 32_768;
  private static final String EACH = "each of";
  private static final String ALL = "all of";
  private static final String ANY = "any of";

  private final String text;
  private int at;

  private QuorumText(String text) {
    this.text = text;
  }

  static String nested(String head, List<? extends Quorum> parts) {
    return parts.stream().map(Quorum::text).collect(Collectors.joining("; ", head + " (", ")"));
  }

  static Quorum parse(String text) {
    if (text.length() > LONGEST) {
      throw InvalidValueException.of("quorum", text, "at most " + LONGEST + " characters");
    }
    QuorumText reading = new QuorumText(text);
    Quorum quorum =
        reading.takes(EACH + " (") ? new Quorum.EachOf(reading.parts(1)) : reading.rule(1);
    if (!quorum.text().equals(text)) { // another order of names, a name twice, text left over
      throw invalid(text);
    }
    return quorum;
  }

  private RuleQuorum rule(int depth) {
    if (depth > RuleQuorum.MOST_DEPTH) {
      throw invalid(text);
    }
    if (takes(ALL + " (")) {
      return new AllOf(parts(depth + 1));
    }
    return takes(ANY + " (") ? new AnyOf(parts(depth + 1)) : members();
  }

  private List<RuleQuorum> parts(int depth) {
    List<RuleQuorum> parts = new ArrayList<>();
    do {
      parts.add(rule(depth));
    } while (takes("; "));
    if (!takes(")")) {
      throw invalid(text);
    }
    return parts;
  }

  private Members members() {
    Matcher matcher = MEMBERS.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      throw invalid(text);
    }
    at = matcher.end();
    List<ApproverName> names =
        Arrays.stream(matcher.group(3).split(",", -1)).map(ApproverName::new).toList();
    return Members.of(matcher.group(2), names, Integer.parseInt(matcher.group(1)));
  }

  private boolean takes(String token) {
    boolean isThere = text.startsWith(token, at);
    if (isThere) {
      at += token.length();
    }
    return isThere;
  }

  private static InvalidValueException invalid(String text) {
    return InvalidValueException.of(
        "quorum", text, "such as 2 of treasury(alice,bob,carol), or all of (…; …)");
  }
}
