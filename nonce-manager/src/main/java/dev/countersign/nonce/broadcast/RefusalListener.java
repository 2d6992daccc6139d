package dev.countersign.nonce.broadcast;

import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;

/// Hears of transactions that no node has taken, where two of them say why or only one has
/// answered, and of those that a private relay has not taken: the place to pause a lane
/// whose account has no money ([ErrorKind#INSUFFICIENT_FUNDS]), or to raise a fee that is too low.
/// Whatever it does, the transaction keeps its nonce and is sent again.
@FunctionalInterface
public interface RefusalListener {
  RefusalListener NONE = (lane, nonce, kind) -> {};

  /// Called outside of any database transaction, on the thread that sends; an exception of it ends
  /// the recording of the whole batch, which is then sent again.
  void refused(Lane lane, Nonce nonce, ErrorKind kind);
}
