package dev.countersign.core.action;

import java.util.List;

/// What a known call comes to.
sealed interface Meaning {

  /// The call is this deed and nothing besides: what is called has no other say in it than the deed
  /// names.
  ///
  /// @param within what the deed brings with it
  record Is(Deed deed, List<Step> within) implements Meaning {
    public Is {
      within = List.copyOf(within);
    }

    Is(Deed deed) {
      this(deed, List.of());
    }
  }

  /// The call is a call, of a contract that is trusted or not, and these are what it asks of it.
  record Carries(List<Step> steps) implements Meaning {
    public Carries {
      steps = List.copyOf(steps);
    }
  }
}
