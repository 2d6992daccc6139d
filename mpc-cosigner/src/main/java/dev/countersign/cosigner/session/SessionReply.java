package dev.countersign.cosigner.session;

import java.util.List;
import java.util.Optional;

/// What a cosigner has to say after it got something.
///
/// @param messages for other cosigners
/// @param outcome when the session is over here
public record SessionReply(List<Envelope> messages, Optional<SessionOutcome> outcome) {
  public SessionReply {
    messages = List.copyOf(messages);
  }

  static SessionReply of(SessionOutcome outcome) {
    return new SessionReply(List.of(), Optional.of(outcome));
  }
}
