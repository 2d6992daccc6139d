package dev.countersign.audit.entry;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.Observed;
import dev.countersign.core.model.FeeChoice;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// [Examples] that differ in one thing.
final class ExampleVariants {
  private ExampleVariants() {}

  static AuditRecord example(String name) {
    return Objects.requireNonNull(Examples.all().get(name));
  }

  /// The same request, of which another event is told.
  static AuditRecord with(AuditRecord record, AuditEvent event) {
    return AuditRecord.of(
        record.at(),
        record.actor(),
        record.request().orElseThrow(),
        record.requestDigest().orElseThrow(),
        event);
  }

  /// The example `request-admitted-native` with other observations and another choice of fees.
  static AuditRecord admitted(UnaryOperator<Observed> observed, Optional<FeeChoice.ByMarket> fees) {
    AuditRecord record = example("request-admitted-native");
    var event = (AuditEvent.RequestAdmitted) record.event();
    return with(
        record,
        new AuditEvent.RequestAdmitted(
            event.wallet(),
            event.chain(),
            event.intent(),
            event.policy(),
            event.rule(),
            event.nonce(),
            event.signingDigest(),
            observed.apply(event.observed()),
            fees));
  }
}
