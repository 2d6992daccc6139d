package dev.countersign.server.config;

import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.change.FoundingCeremony;
import dev.countersign.policy.change.FoundingCeremony.Outcome;
import dev.countersign.policy.succession.Founding;
import dev.countersign.policy.succession.FoundingFile;
import dev.countersign.server.settings.PolicySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a start does about policy: it makes the first one, when the founders have signed it. It
/// never changes one.
final class PolicyStart {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyStart.class);

  private final PolicySettings settings;
  private final FoundingCeremony ceremony;

  PolicyStart(PolicySettings settings, FoundingCeremony ceremony) {
    this.settings = settings;
    this.ceremony = ceremony;
  }

  /// @throws StartException when somebody must do something first
  void run(Actor by) {
    PolicyVersion last = ceremony.last();
    Optional<Path> file = settings.document();
    if (file.isEmpty()) {
      if (last.number() == 0) {
        LOG.warn("there is no policy yet: everything is denied until the founders have signed one");
      }
      return;
    }
    Bytes document = bytes(file.get());
    if (last.number() > 0) {
      tell(last, document, file.get());
      return;
    }
    Path founding =
        settings
            .founding()
            .orElseThrow(
                () ->
                    new StartException(
                        "the founders have not signed the policy %s: have them run countersign policy"
                                .formatted(file.get())
                            + " found, and name the file under policy.founding"));
    switch (ceremony.found(document, founding(founding), by)) {
      case Outcome.Founded(PolicyVersion version) ->
          LOG.info("policy {} is active, by the founders: {}", version.number(), file.get());
      case Outcome.AlreadyFounded(PolicyVersion active) -> tell(active, document, file.get());
      case Outcome.Refused(String reason) ->
          throw new StartException(
              "the policy %s was not founded by %s: %s".formatted(file.get(), founding, reason));
    }
  }

  private static void tell(PolicyVersion active, Bytes document, Path file) {
    if (active.hash().equals(PolicyChangeStatement.hashOf(document))) {
      LOG.info("policy {} stays active: {}", active.number(), file);
    } else {
      LOG.warn(
          "policy {} stays active: {} is another one, and a start changes no policy; propose it"
              + " with countersign policy propose",
          active.number(),
          file);
    }
  }

  private static Founding founding(Path file) {
    try {
      return FoundingFile.read(bytes(file).toArray());
    } catch (InvalidValueException e) {
      throw new StartException("the founding " + file + " is wrong: " + e.getMessage(), e);
    }
  }

  private static Bytes bytes(Path file) {
    try {
      return Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new StartException(file + " cannot be read: " + e, e);
    }
  }
}
