package dev.countersign.policy.store;

import dev.countersign.core.decision.PolicySeals;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// What the database says is active, and the proof of it.
///
/// @param latest the highest number of any document. An activation makes its document the highest
/// one, and the server's login cannot take a document away: so whoever moves the pointer back to a
/// policy that was active once, with the seal it had, is found out
record ActivePointer(PolicyVersion version, Bytes seal, long latest) {

  /// From the columns `version`, `hash`, `seal` and `latest`.
  static ActivePointer of(ResultSet row) throws SQLException {
    return new ActivePointer(
        new PolicyVersion(row.getLong("version"), Digest32.of(row.getBytes("hash"))),
        Bytes.of(row.getBytes("seal")),
        row.getLong("latest"));
  }

  boolean isGenuine(PolicySeals seals) {
    return fault(seals).isEmpty();
  }

  /// Why nothing is to be judged by it.
  Optional<String> fault(PolicySeals seals) {
    if (!seals.isGenuine(version, seal)) {
      return Optional.of(
          "is not sealed by the permit key: somebody else made it the active one, or this instance"
              + " has another key");
    }
    return version.number() == latest
        ? Optional.empty()
        : Optional.of(
            "is not the latest, version %d is: somebody put it back, or added a document"
                .formatted(latest));
  }
}
