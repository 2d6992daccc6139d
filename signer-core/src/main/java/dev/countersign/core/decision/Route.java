package dev.countersign.core.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// How a transaction may get to its chain, as policy has it: by its nodes, where everybody sees it
/// before it is mined, or by a private relay.
public sealed interface Route {
  /// By the chain's nodes.
  static Route open() {
    return new Public();
  }

  /// By the chain's nodes.
  record Public() implements Route {}

  /// By the chain's private relay, and by nothing else.
  ///
  /// @param rules the rules that say so, in the order of the policy
  /// @param publicAfterBlocks after how many blocks without being mined it may go by the nodes as
  ///     well, 1 or more; never, where that is not there
  record Private(List<String> rules, OptionalInt publicAfterBlocks) implements Route {
    public Private {
      rules = List.copyOf(rules);
      if (publicAfterBlocks.isPresent() && publicAfterBlocks.getAsInt() < 1) {
        throw new IllegalArgumentException(
            "public after %d blocks, expected 1 or more".formatted(publicAfterBlocks.getAsInt()));
      }
    }
  }

  /// What both let happen: private where one of them is, public only where both are by then.
  default Route and(Route other) {
    return switch (this) {
      case Public _ -> other;
      case Private mine ->
          switch (other) {
            case Public _ -> mine;
            case Private theirs -> both(mine, theirs);
          };
    };
  }

  private static Route both(Private one, Private other) {
    List<String> rules = new ArrayList<>(one.rules());
    other.rules().stream().filter(rule -> !rules.contains(rule)).forEach(rules::add);
    OptionalInt after =
        one.publicAfterBlocks().isPresent() && other.publicAfterBlocks().isPresent()
            ? OptionalInt.of(
                Math.max(one.publicAfterBlocks().getAsInt(), other.publicAfterBlocks().getAsInt()))
            : OptionalInt.empty();
    return new Private(rules, after);
  }
}
