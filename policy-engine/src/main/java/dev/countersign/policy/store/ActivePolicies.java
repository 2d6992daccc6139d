package dev.countersign.policy.store;

import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Digest32;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The active policy, read from the database once for each version. Asking costs one short
/// statement. Safe for concurrent use.
public final class ActivePolicies {
  private static final Logger LOG = LoggerFactory.getLogger(ActivePolicies.class);
  private static final String HOLD = "SELECT version, hash FROM policy.hold_active_version()";
  private static final String LOOK = "SELECT version, hash FROM policy.active_version";
  private static final String CONTENT =
      "SELECT content FROM policy.document WHERE version = :version";

  private final AtomicReference<ActivePolicy> latest = new AtomicReference<>(ActivePolicy.none());

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
        .map(
            (row, context) ->
                new PolicyVersion(row.getLong("version"), Digest32.of(row.getBytes("hash"))))
        .findOne()
        .map(version -> read(handle, version))
        .orElseGet(ActivePolicy::none);
  }

  private ActivePolicy read(Handle handle, PolicyVersion version) {
    ActivePolicy known = latest.get();
    if (known.version().equals(version)) {
      return known;
    }
    byte[] content =
        handle.createQuery(CONTENT).bind("version", version.number()).mapTo(byte[].class).one();
    ActivePolicy read = compile(version, content);
    latest.set(read);
    return read;
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
