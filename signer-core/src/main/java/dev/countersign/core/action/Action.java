package dev.countersign.core.action;

import dev.countersign.core.model.Address;
import java.util.List;
import java.util.stream.Collectors;

/// One thing that a payload does.
///
/// @param path where it stands: empty for what the payload itself does, `[2, 1]` for the first call
///     within the second call it carries; counted from 1
/// @param account who does it: the wallet's own account, or the contract that the wallet makes do
///     it, such as a Safe
/// @param deed what is done
public record Action(List<Integer> path, Address account, Deed deed) {
  public Action {
    path = List.copyOf(path);
  }

  /// Whether it is what the payload itself does; gas is paid by this one alone.
  public boolean isRoot() {
    return path.isEmpty();
  }

  /// `2.1`, or nothing for the root.
  public String pathText() {
    return path.stream().map(String::valueOf).collect(Collectors.joining("."));
  }
}
