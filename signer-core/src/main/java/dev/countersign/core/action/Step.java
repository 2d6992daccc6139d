package dev.countersign.core.action;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;

/// One thing within a call or a message, before it is read any further.
sealed interface Step {

  /// A further call.
  record Calls(Call call) implements Step {}

  /// `account` runs the code of `target` as its own.
  record Delegates(Address account, Address target, Bytes data) implements Step {}

  /// A deed with nothing in it to be read.
  record Does(Address account, Deed deed) implements Step {}
}
