package dev.countersign.core.approval;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// A statement that approvers sign. Its text begins with a line that says what kind it is, so a
/// signature of one kind is none of another.
public interface Approvable {
  /// Lines of ASCII, each ended by a line feed; one form for each content.
  String text();

  /// Who has to approve.
  Quorum quorum();

  /// From when on no approval counts.
  Instant expires();

  /// The client that asks: whoever is the same person cannot approve. None when no client does.
  Optional<ClientId> initiator();

  default Bytes bytes() {
    return Bytes.of(text().getBytes(StandardCharsets.US_ASCII));
  }

  /// The SHA-256 of [#bytes].
  default Digest32 digest() {
    return Sha256.hash(bytes().toArray());
  }

  /// What an approver's key signs: the statement and a last line with the decision.
  default byte[] signedBytes(Approval.Decision decision) {
    return (text() + "decision " + decision.word() + "\n").getBytes(StandardCharsets.US_ASCII);
  }
}
