package dev.countersign.policy.condition;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import java.util.Optional;
import java.util.function.Function;

/// A condition that was checked. Safe for concurrent use.
public final class Condition {
  private final String text;
  private final CelRuntime.Program program;

  Condition(String text, CelRuntime.Program program) {
    this.text = text;
    this.program = program;
  }

  /// What came of asking.
  public sealed interface Answer {
    record Told(boolean holds) implements Answer {
      @Override
      public String toString() {
        return String.valueOf(holds);
      }
    }

    /// Nobody can tell.
    record Untold(String reason) implements Answer {
      @Override
      public String toString() {
        return "an error: " + reason;
      }
    }
  }

  /// Total, and the same for the same facts.
  ///
  /// @param facts by name, each of the type it was declared with
  public Answer ask(Function<String, Optional<Object>> facts) {
    try {
      CelVariableResolver resolver = facts::apply;
      return program.eval(resolver) instanceof Boolean holds
          ? new Answer.Told(holds)
          : new Answer.Untold("it gave neither true nor false");
    } catch (CelEvaluationException e) {
      return new Answer.Untold(String.valueOf(e.getMessage()));
    }
  }

  /// As it was written.
  @Override
  public String toString() {
    return text;
  }
}
