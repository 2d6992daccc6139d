package dev.countersign.policy.store;

import dev.countersign.core.decision.PolicySeals;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The active policy, read from the database once for each version. Asking costs one short
/// statement. Safe for concurrent use.
public final class ActivePolicies {
  private static final Logger LOG = LoggerFactory.getLogger(ActivePolicies.class);
  private static final String HOLD =
      "SELECT version, hash, seal, latest FROM policy.hold_active_version()";
  private static final String LOOK =
      "SELECT version, hash, seal, latest FROM policy.active_version";
  private static final String CONTENT =
      "SELECT content FROM policy.document WHERE version = :version";

  private final PolicySeals seals;
  private final AtomicReference<@Nullable Loaded> latest = new AtomicReference<>();

  public ActivePolicies(PolicySeals seals) {
    this.seals = seals;
  }

  private record Loaded(ActivePointer pointer, ActivePolicy policy) {}

  /// The active policy, which stays it until the transaction ends.
  public ActivePolicy hold(Handle handle) {
    return active(handle, HOLD);
  }

  /// The active policy at this moment.
  public ActivePolicy look(Handle handle) {
    return active(handle, LOOK);
  }

  private ActivePolicy active(Handle handle, String question) {
    return handle
        .createQuery(question)
        .map((row, context) -> ActivePointer.of(row))
        .findOne()
        .map(pointer -> read(handle, pointer))
        .orElseGet(ActivePolicy::none);
  }

  private ActivePolicy read(Handle handle, ActivePointer pointer) {
    Loaded known = latest.get();
    if (known != null && known.pointer().equals(pointer)) {
      return known.policy();
    }
    ActivePolicy read = load(handle, pointer);
    latest.set(new Loaded(pointer, read));
    return read;
  }

  private ActivePolicy load(Handle handle, ActivePointer pointer) {
    PolicyVersion version = pointer.version();
    Optional<String> fault = pointer.fault(seals);
    if (fault.isPresent()) {
      return unusable(version, fault.get());
    }
    byte[] content =
        handle.createQuery(CONTENT).bind("version", version.number()).mapTo(byte[].class).one();
    return compile(version, content);
  }

  /// What is stored is believed no more than what was handed in.
  private static ActivePolicy compile(PolicyVersion version, byte[] content) {
    if (!PolicyDocumentReader.hash(content).equals(version.hash())) {
      return unusable(version, "has other bytes than its hash says");
    }
    return switch (PolicyDocumentReader.read(content)) {
      case Reading.Valid valid -> {
        LOG.info(
            "judging by policy version {} with {} rules, {}",
            version.number(),
            valid.document().rules().size(),
            version.hash());
        yield new ActivePolicy.Usable(version, valid.document());
      }
      case Reading.Invalid invalid ->
          unusable(version, "cannot be read by this release: " + invalid.problems().getFirst());
    };
  }

  private static ActivePolicy unusable(PolicyVersion version, String why) {
    LOG.error("policy version {} {}; everything is denied", version.number(), why);
    return new ActivePolicy.Unusable(version, "policy version " + version.number() + " " + why);
  }
}
