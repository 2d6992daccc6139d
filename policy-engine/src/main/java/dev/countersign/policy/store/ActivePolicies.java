package dev.countersign.policy.store;

import dev.countersign.core.decision.PolicySeals;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.succession.Founders;
import dev.countersign.policy.succession.PolicySuccession;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The active policy, read from the database and verified back to the founders once for each
/// version. Asking costs one short statement. Safe for concurrent use.
public final class ActivePolicies {
  private static final Logger LOG = LoggerFactory.getLogger(ActivePolicies.class);
  private static final String HOLD =
      "SELECT version, hash, seal, latest FROM policy.hold_active_version()";
  private static final String LOOK =
      "SELECT version, hash, seal, latest FROM policy.active_version";

  private final PolicySeals seals;
  private final Founders founders;
  private final PolicyMemory memory;
  private final AtomicReference<@Nullable Loaded> latest = new AtomicReference<>();

  /// What was verified last, so that the next policy costs its own signatures only.
  private final AtomicReference<PolicySuccession> verified;

  /// @param founders from outside of the database
  /// @param memory of what this instance has judged by
  public ActivePolicies(PolicySeals seals, Founders founders, PolicyMemory memory) {
    this.seals = seals;
    this.founders = founders;
    this.memory = memory;
    this.verified = new AtomicReference<>(PolicySuccession.of(founders));
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
    Optional<String> fault = pointer.fault(seals).or(() -> memory.fault(version));
    if (fault.isPresent()) {
      return unusable(version, fault.get());
    }
    PolicySuccession succession = succession(handle);
    if (!leadsTo(version, succession)) {
      // Not by what this instance remembers: perhaps the database is another one now.
      succession = SuccessionRows.after(handle, PolicySuccession.of(founders));
    }
    if (!leadsTo(version, succession)) {
      return unusable(
          version,
          succession
              .faultOf(version.number())
              .map(reason -> "was not approved: " + reason)
              .orElse(
                  "is not the one that was approved last, which is version "
                      + succession.base().number()));
    }
    verified.set(succession);
    return compile(version, succession.head().orElseThrow().document());
  }

  private static boolean leadsTo(PolicyVersion version, PolicySuccession succession) {
    return succession.head().filter(head -> head.version().equals(version)).isPresent();
  }

  /// Which policy is the last that was approved, and what was stored after it and is none. What was
  /// verified before is not verified again, as long as it is still there.
  public PolicySuccession succession(Handle handle) {
    PolicySuccession known = verified.get().withoutFaults();
    boolean isThere = known.head().isEmpty() || SuccessionRows.isStored(handle, known.base());
    PolicySuccession succession =
        SuccessionRows.after(handle, isThere ? known : PolicySuccession.of(founders));
    verified.set(succession);
    return succession;
  }

  /// Keeps which policy is active, should the database be set back later. To be run again and
  /// again.
  public void remember(UnitOfWork unitOfWork) {
    ActivePolicy active =
        unitOfWork.inTransaction(transaction -> look(transaction.unwrap(Handle.class)));
    if (active instanceof ActivePolicy.Usable usable) {
      memory.keep(usable.version());
    }
  }

  public Founders founders() {
    return founders;
  }

  private static ActivePolicy compile(PolicyVersion version, Bytes document) {
    return switch (PolicyDocumentReader.read(document.toArray())) {
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
