package dev.countersign.core.action;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;

/// A call that is about to be read.
///
/// @param account who makes it
/// @param data any number of bytes, none included
record Call(Address account, Address to, Wei value, Bytes data) {
  static final int SELECTOR_SIZE = 4;

  boolean pays() {
    return value.value().signum() > 0;
  }

  Bytes selector() {
    return data.slice(0, SELECTOR_SIZE);
  }
}
