package dev.countersign.mpc.dkls;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// One winner, whoever asks at the same time.
final class SingleUse {
  private final AtomicBoolean used = new AtomicBoolean();

  void use(String what) throws ProtocolAbortException {
    if (used.getAndSet(true)) {
      throw new ProtocolAbortException(Reason.REUSE, Optional.empty(), what + " was used before");
    }
  }
}
