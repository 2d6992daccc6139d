package dev.countersign.policy.diff;

import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.policy.approval.QuorumReader;
import dev.countersign.policy.yaml.Position;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The quorums and times that a policy names outside of its rules: who may lift a freeze
/// (`freeze.thaw`), and who may change the policy, how long they may take, and how long it waits
/// then (`changes`).
final class StandingTerms {
  /// By section, the keys with a quorum.
  static final Map<String, String> QUORUMS = Map.of("changes", "approvals", "freeze", "thaw");

  private static final Map<String, Set<String>> KNOWN =
      Map.of("changes", Set.of("approvals", "delay", "lifetime"), "freeze", Set.of("thaw"));

  private static final Optional<YamlNode> ZERO = Optional.of(new Scalar(Position.START, "PT0S"));

  private StandingTerms() {}

  /// Whether what stands there names groups only where they are asked, and no address lists.
  static boolean knows(String section, String key) {
    return KNOWN.getOrDefault(section, Set.of()).contains(key);
  }

  /// @return nothing where it is not known what the change comes to
  static Optional<Direction> direction(
      String section,
      String key,
      Optional<YamlNode> old,
      Optional<YamlNode> now,
      DiffedPolicy before,
      DiffedPolicy after) {
    if (key.equals(QUORUMS.get(section))) {
      return quorum(old, before)
          .flatMap(was -> quorum(now, after).map(is -> QuorumComparison.direction(was, is)));
    }
    if (section.equals("changes") && key.equals("delay")) {
      return longer(old.or(() -> ZERO), now.or(() -> ZERO), Direction.TIGHTENS, Direction.LOOSENS);
    }
    if (section.equals("changes") && key.equals("lifetime")) {
      return longer(old, now, Direction.LOOSENS, Direction.TIGHTENS);
    }
    return Optional.empty();
  }

  /// With the members that its groups have in `policy`.
  static Optional<RuleQuorum> quorum(Optional<YamlNode> text, DiffedPolicy policy) {
    return text.flatMap(
        node -> QuorumReader.read(node, QuorumReader.KEY, policy.groups(), new Problems()));
  }

  private static Optional<Direction> longer(
      Optional<YamlNode> old, Optional<YamlNode> now, Direction longer, Direction shorter) {
    return duration(old)
        .flatMap(
            was ->
                duration(now)
                    .map(
                        is -> {
                          int more = is.compareTo(was);
                          return more == 0 ? Direction.NEITHER : more > 0 ? longer : shorter;
                        }));
  }

  private static Optional<Duration> duration(Optional<YamlNode> text) {
    if (!(text.orElse(null) instanceof Scalar scalar)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Duration.parse(scalar.text()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
