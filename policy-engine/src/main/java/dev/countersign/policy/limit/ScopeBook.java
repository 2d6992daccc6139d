package dev.countersign.policy.limit;

import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.evaluation.SpendingView;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The scopes of one transaction as they were read, and what was charged since. Not safe for
/// concurrent use.
public final class ScopeBook implements SpendingView {

  /// A scope as it was read.
  ///
  /// @param id 0 for one that was never charged
  /// @param stored the sum in its row
  /// @param spent the sum in its window now
  /// @param horizon where its window begins now; nothing when it has no beginning
  record Entry(
      ScopeKey key, long id, BigInteger stored, BigInteger spent, Optional<Instant> horizon) {}

  /// A scope's row as it is to be.
  record Change(long id, BigInteger stored, BigInteger spent, Optional<Instant> horizon) {}

  /// @param at the time it counts from
  ///
  /// @param replacement 0 for the request itself
  record Reservation(
      SigningRequestId request, int replacement, long scope, Instant at, BigInteger amount) {}

  private final Instant now;
  private final Map<ScopeKey, Entry> entries;
  private final Map<ScopeKey, BigInteger> spent = new HashMap<>();
  private final Set<ScopeKey> charged = new HashSet<>();
  private final List<Reservation> reservations = new ArrayList<>();

  ScopeBook(Instant now, Map<ScopeKey, Entry> entries) {
    this.now = now;
    this.entries = entries;
    entries.forEach((key, entry) -> spent.put(key, entry.spent()));
  }

  @Override
  public BigInteger spent(ScopeKey scope) {
    BigInteger sum = spent.get(scope);
    if (sum == null) {
      throw new IllegalStateException("scope " + scope + " was not opened for this transaction");
    }
    return sum;
  }

  /// Counts `charges` for `request`: the next [#spent] includes them.
  public void charge(SigningRequestId request, List<Charge> charges) {
    charge(request, 0, charges);
  }

  /// The same for a replacement of a request's payload.
  public void charge(SigningRequestId request, int replacement, List<Charge> charges) {
    for (Charge charge : charges) {
      Entry entry = entries.get(charge.scope());
      if (entry == null) {
        throw new IllegalStateException("scope " + charge.scope() + " was charged unopened");
      }
      spent.merge(charge.scope(), charge.amount(), BigInteger::add);
      charged.add(charge.scope());
      reservations.add(new Reservation(request, replacement, entry.id(), now, charge.amount()));
    }
  }

  /// Whether what was reserved at `at` is in the window of `scope` now.
  boolean isWithin(ScopeKey scope, Instant at) {
    Entry entry = entries.get(scope);
    return entry != null && entry.horizon().map(at::isAfter).orElse(true);
  }

  List<Reservation> reservations() {
    return reservations;
  }

  /// Those that were charged, or that something left since their row was written. Both, since what
  /// came in may equal what went out, and the horizon has to move all the same.
  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    for (Entry entry : entries.values()) {
      boolean moved = !entry.spent().equals(entry.stored());
      if (moved || charged.contains(entry.key())) {
        changes.add(new Change(entry.id(), entry.stored(), spent(entry.key()), entry.horizon()));
      }
    }
    return changes;
  }
}
