package dev.countersign.cosigner.session;

import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.cosigner.session.SessionOutcome.Cause;
import dev.countersign.cosigner.session.SessionOutcome.Failed;
import dev.countersign.cosigner.store.StoreRefusedException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a session ends with when something that it needs is not there.
final class Outages {
  private static final Logger LOG = LoggerFactory.getLogger(Outages.class);

  private Outages() {}

  static Failed outcome(RuntimeException e) {
    String what =
        switch (e) {
          case StoreUnavailableException gone -> "the database cannot be used";
          case KeyBackendException gone -> "the token cannot be used";
          case StoreRefusedException refused -> "what is stored cannot be used";
          default -> "an error of this cosigner's own";
        };
    LOG.error("a session ends: {}", what, e);
    return new Failed(Cause.UNAVAILABLE, Optional.empty(), what);
  }
}
