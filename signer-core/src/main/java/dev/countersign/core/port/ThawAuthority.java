package dev.countersign.core.port;

import dev.countersign.core.freeze.ThawStatement;
import dev.countersign.core.model.Bytes;
import java.util.List;

/// Tells whether a quorum wants a freeze lifted. Nothing else lifts one.
@FunctionalInterface
public interface ThawAuthority {
  /// As long as the policy names no quorum.
  ThawAuthority NONE =
      (transaction, statement, evidence) ->
          new Answer.Refused(
              "the active policy names no quorum that may lift a freeze; activate one that does"
                  + " (freeze.thaw) first");

  /// Judges by the policy that is active in `transaction`, under which it stays active.
  ///
  /// @param evidence signed approvals of exactly `statement`, in the form of the approvals
  Answer verify(Transaction transaction, ThawStatement statement, List<Bytes> evidence);

  /// What it says.
  sealed interface Answer {
    /// @param approvers who wants it, at least one
    record Granted(List<String> approvers) implements Answer {
      public Granted {
        approvers = List.copyOf(approvers);
        if (approvers.isEmpty()) {
          throw new IllegalArgumentException("nobody approved");
        }
      }
    }

    /// @param reason what is missing, in words
    record Refused(String reason) implements Answer {}
  }
}
