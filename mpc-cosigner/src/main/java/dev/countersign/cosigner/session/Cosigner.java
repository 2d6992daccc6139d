package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import java.util.List;

/// A cosigner as a coordinator sees it.
public interface Cosigner {

  /// Begins a session, unless the cosigner takes no part: then the reply has the outcome.
  ///
  /// @param proposal a [SessionProposal], encoded
  SessionReply open(byte[] proposal);

  /// Brings what others have sent.
  SessionReply deliver(Bytes tag, List<Envelope> messages);

  /// Ends a session.
  ///
  /// @return what came of it, which may have been something before
  SessionOutcome cancel(Bytes tag);
}
