package dev.countersign.mpc;

import dev.countersign.mpc.ProtocolAbortException.Reason;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// That something is used once, by one, whoever tries at the same time and whatever comes of it.
public final class SingleUse {
  private final AtomicBoolean used = new AtomicBoolean();

  public boolean isUsed() {
    return used.get();
  }

  /// Nobody uses it any more.
  public void end() {
    used.set(true);
  }

  /// @param what is used
  /// @throws ProtocolAbortException of reason REUSE when it was used before, or has ended
  public void use(String what) throws ProtocolAbortException {
    if (used.getAndSet(true)) {
      throw new ProtocolAbortException(Reason.REUSE, Optional.empty(), what + " was used before");
    }
  }
}
