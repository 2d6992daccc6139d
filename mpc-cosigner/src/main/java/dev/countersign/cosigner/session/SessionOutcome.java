package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.cosigner.judge.Judgement;
import dev.countersign.mpc.Party;
import java.util.Optional;

/// What came of a session at one cosigner.
public sealed interface SessionOutcome {

  /// @param signature r and s, 32 bytes each, s in the lower half; verified
  /// @param recoveryId from 0 to 3
  /// @param publicKey that it is valid for, 33 bytes
  record Signed(Bytes signature, int recoveryId, Bytes publicKey) implements SessionOutcome {}

  /// @param id by which it is used, 32 bytes
  record Presigned(Bytes id) implements SessionOutcome {}

  /// The epoch is in use at all.
  ///
  /// @param publicKey 33 bytes
  /// @param chainCode of BIP-32, 32 bytes
  record KeyReady(long epoch, Bytes publicKey, Bytes chainCode) implements SessionOutcome {}

  /// @param epoch in use; nothing when the key was given up
  /// @param pending whether something is still prepared that not all could agree on
  record Settled(Optional<Long> epoch, boolean pending) implements SessionOutcome {}

  /// The judge takes no part.
  record Refused(Judgement.Reason reason, String detail) implements SessionOutcome {}

  /// @param culprit who it was, where that can be told
  record Failed(Cause cause, Optional<Party> culprit, String detail) implements SessionOutcome {}

  /// Why a session ends without what it is for.
  enum Cause {
    /// What was asked for makes no sense here.
    INVALID,
    /// As many sessions run as may.
    BUSY,
    /// There is no such session or presignature, or no longer.
    UNKNOWN,
    /// The key is not there, or not for these parties.
    NO_KEY,
    /// An old copy was put in the database's place: the key is to be refreshed first.
    RESTORED,
    /// Somebody is banned.
    BANNED,
    /// The parties are in different states or were told different things.
    MISMATCH,
    /// Somebody has not kept to the protocol.
    PROTOCOL,
    /// Something that may be used once was used before.
    REUSE,
    /// It took too long.
    EXPIRED,
    /// The coordinator has ended it.
    CANCELLED,
    /// Database or token are gone.
    UNAVAILABLE
  }
}
