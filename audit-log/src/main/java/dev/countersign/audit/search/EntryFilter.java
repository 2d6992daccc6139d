package dev.countersign.audit.search;

import dev.countersign.audit.entry.LogEntry;
import dev.countersign.core.model.Address;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which entries to find: those for which all that is given holds.
///
/// @param wallet its id. It also finds what happened later to the same request
/// @param actor who did it, such as a client's id
/// @param address anywhere in the event: a recipient, a token, a contract, a new key's own. It also
///     finds what happened later to the same request
/// @param type such as `request-denied`
/// @param since the entry's own time is this or later
/// @param until the entry's own time is before this
public record EntryFilter(
    Optional<SigningRequestId> request,
    Optional<String> wallet,
    Optional<String> actor,
    Optional<Address> address,
    Optional<String> type,
    Optional<Instant> since,
    Optional<Instant> until) {
  /// Every entry.
  public static final EntryFilter ANY =
      new EntryFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /// The terms that an entry must have, the rarest kind first.
  List<String> terms() {
    List<String> terms = new ArrayList<>();
    address.ifPresent(given -> terms.add(EntryTerms.address(given)));
    wallet.ifPresent(given -> terms.add(EntryTerms.wallet(given)));
    actor.ifPresent(given -> terms.add(EntryTerms.actor(given)));
    type.ifPresent(given -> terms.add(EntryTerms.type(given)));
    return terms;
  }

  /// Whether what is said in the first entry of a request counts for its later ones.
  boolean asksOfRequests() {
    return wallet.isPresent() || address.isPresent();
  }

  /// @param terms the entry's own and those of its request
  boolean matches(LogEntry entry, Set<String> terms) {
    return request.map(given -> entry.request().equals(Optional.of(given.toString()))).orElse(true)
        && terms.containsAll(terms())
        && since.map(given -> !entry.at().isBefore(given)).orElse(true)
        && until.map(given -> entry.at().isBefore(given)).orElse(true);
  }
}
