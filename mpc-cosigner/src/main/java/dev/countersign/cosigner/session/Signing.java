package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.cosigner.session.Step.Advance;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.dkls.EcdsaSignature;
import dev.countersign.mpc.dkls.Presignature;
import dev.countersign.mpc.dkls.PresignatureLedger;
import dev.countersign.mpc.dkls.SigningFirstRound;
import dev.countersign.mpc.dkls.SigningPlan;
import dev.countersign.mpc.dkls.SigningSecondRound;
import dev.countersign.mpc.dkls.SigningThirdRound;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;

/// Signing: two rounds that make a presignature, and one that uses it.
final class Signing {
  private final SecureRandom random;

  Signing(SecureRandom random) {
    this.random = random;
  }

  /// What is done with a presignature.
  interface Use {
    Advance of(Presignature presignature) throws ProtocolAbortException;
  }

  Step begin(SigningPlan plan, Use use) throws ProtocolAbortException {
    SigningFirstRound round = SigningFirstRound.begin(plan, random);
    return Step.transfer(
        round.messages(),
        round::close,
        messages -> new Advance.Next(second(round.receive(messages), use)));
  }

  private static Step second(SigningSecondRound round, Use use) throws ProtocolAbortException {
    try {
      return Step.of(round.messages(), round::close, messages -> use.of(round.receive(messages)));
    } catch (ProtocolAbortException e) {
      round.close();
      throw e;
    }
  }

  /// Uses it up, durably, before there is anything to send.
  static Step third(Presignature presignature, Digest32 digest, PresignatureLedger ledger)
      throws ProtocolAbortException {
    SigningThirdRound round = presignature.sign(digest.bytes().toArray(), ledger);
    Map<Party, byte[]> messages = new TreeMap<>();
    for (Party signer : presignature.signers()) {
      messages.put(signer, round.message());
    }
    return Step.of(
        messages, () -> {}, received -> new Advance.Done(signed(presignature, round, received)));
  }

  private static SessionOutcome signed(
      Presignature presignature, SigningThirdRound round, Map<Party, byte[]> received)
      throws ProtocolAbortException {
    EcdsaSignature signature = round.finish(received);
    return new SessionOutcome.Signed(
        Bytes.of(signature.compact()),
        signature.recoveryId(),
        Bytes.of(presignature.key().encode()));
  }
}
