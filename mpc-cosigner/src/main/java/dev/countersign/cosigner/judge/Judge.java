package dev.countersign.cosigner.judge;

import dev.countersign.cosigner.judge.Judgement.Reason;
import dev.countersign.cosigner.judge.Judgement.Refused;

/// Decides whether this cosigner takes part in signing. It is asked once for each session, before
/// anything of it is sent, and by many threads at once.
///
/// Whoever implements it works out the digest from [SigningOrder#request] by itself, holds the key
/// and path against the wallet of the request, and has made durable what it will have to remember,
/// such as limits used and the entry in its own log, when it answers. A session that was allowed
/// may still come to nothing, and the same order may then be asked about again: the judge tells the
/// second time from a second use. What it throws is a refusal of reason UNAVAILABLE.
@FunctionalInterface
public interface Judge {
  /// As long as there is no other.
  Judge DENIES_ALL =
      order -> new Refused(Reason.NO_JUDGE, "this cosigner was not told how to judge");

  Judgement judge(SigningOrder order);
}
