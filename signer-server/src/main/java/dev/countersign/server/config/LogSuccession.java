package dev.countersign.server.config;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.store.Integrator;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.server.settings.AuditSettings.FormerLog;
import dev.countersign.server.settings.Settings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// What a log says about itself when it starts: that its key is another one now, or that it takes
/// the place of a log that was broken.
@Singleton
final class LogSuccession {
  private final Settings settings;
  private final Integrator integrator;
  private final CheckpointSigner signer;

  LogSuccession(Settings settings, Integrator integrator, CheckpointSigner signer) {
    this.settings = settings;
    this.integrator = integrator;
    this.signer = signer;
  }

  /// To be logged before anything else, once the integrator has started.
  ///
  /// @throws StartException when the former log's checkpoint is not what the configuration says
  List<AuditEvent> events() {
    List<AuditEvent> events = new ArrayList<>();
    if (integrator.sizeAtStart() == 0) {
      settings.audit().continues().map(this::continued).ifPresent(events::add);
    }
    integrator
        .replacedKey()
        .map(
            former ->
                new AuditEvent.CheckpointKeyChanged(
                    signer.verifierKey().name(),
                    former.toString(),
                    signer.verifierKey().toString()))
        .ifPresent(events::add);
    return events;
  }

  private AuditEvent continued(FormerLog former) {
    String origin = former.key().name();
    if (origin.equals(signer.verifierKey().name())) {
      throw new StartException(
          "audit.continues is the log %s itself: expected a log of another origin; a log that goes on after a broken one has a new audit.origin"
              .formatted(origin));
    }
    Checkpoint last;
    try {
      last =
          SignedCheckpoint.open(Files.readAllBytes(former.checkpoint()), former.key()).checkpoint();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read audit.continues.checkpoint", e);
    }
    return new AuditEvent.LogContinued(
        origin, last.treeSize(), last.root(), former.key().toString());
  }
}
