package dev.countersign.mpc.keygen;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// That a round goes on once, whatever comes of it.
final class OnceOnly {
  private final AtomicBoolean used = new AtomicBoolean();

  void use() throws ProtocolAbortException {
    if (used.getAndSet(true)) {
      throw new ProtocolAbortException(
          Reason.REUSE, Optional.empty(), "this round has gone on before");
    }
  }
}
