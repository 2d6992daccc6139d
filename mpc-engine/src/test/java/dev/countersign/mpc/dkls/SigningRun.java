package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.transcript.SessionId;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One signature with all its signers in one place, and somebody who may alter what they send.
final class SigningRun {
  static final PresignatureLedger NOTED = (presignature, digest) -> {};

  /// Gives what the receiver gets in the place of what was sent.
  interface Wire {
    byte[] carry(int round, Party from, Party to, byte[] message);
  }

  static final Wire HONEST = (round, from, to, message) -> message;

  final List<Party> signers;
  final Map<Party, SigningPlan> plans = new TreeMap<>();
  final Map<Party, SigningFirstRound> first = new TreeMap<>();
  final Map<Party, SigningSecondRound> second = new TreeMap<>();
  final Map<Party, Presignature> presignatures = new TreeMap<>();
  final Map<Party, SigningThirdRound> third = new TreeMap<>();
  private final Wire wire;

  SigningRun(Committee committee, Scalar tweak, List<Party> signers, Wire wire)
      throws ProtocolAbortException {
    this(committee, Committee.session(), tweak, signers, wire, Committee.RANDOM);
  }

  SigningRun(
      Committee committee,
      SessionId session,
      Scalar tweak,
      List<Party> signers,
      Wire wire,
      SecureRandom random)
      throws ProtocolAbortException {
    this.signers = signers;
    this.wire = wire;
    for (Party party : signers) {
      plans.put(party, committee.plan(session, party, tweak, signers));
      first.put(party, SigningFirstRound.begin(Committee.get(plans, party), random));
    }
  }

  static SigningRun of(Committee committee, Wire wire) throws ProtocolAbortException {
    return new SigningRun(
        committee, ScalarField.SECP256K1.zero(), Party.first(committee.threshold), wire);
  }

  /// What each party gets in a round.
  Map<Party, Map<Party, byte[]>> delivered(int round, Map<Party, Map<Party, byte[]>> sent) {
    Map<Party, Map<Party, byte[]>> delivered = new TreeMap<>();
    sent.forEach(
        (from, messages) ->
            messages.forEach(
                (to, message) ->
                    delivered
                        .computeIfAbsent(to, party -> new TreeMap<>())
                        .put(from, wire.carry(round, from, to, message.clone()))));
    return delivered;
  }

  Map<Party, Map<Party, byte[]>> firstMessages() {
    Map<Party, Map<Party, byte[]>> sent = new TreeMap<>();
    first.forEach((party, round) -> sent.put(party, round.messages()));
    return delivered(1, sent);
  }

  Map<Party, Map<Party, byte[]>> secondMessages() throws ProtocolAbortException {
    Map<Party, Map<Party, byte[]>> sent = new TreeMap<>();
    for (Party party : second.keySet()) {
      sent.put(party, Committee.get(second, party).messages());
    }
    return delivered(2, sent);
  }

  Map<Party, Map<Party, byte[]>> thirdMessages() {
    Map<Party, Map<Party, byte[]>> sent = new TreeMap<>();
    third.forEach(
        (party, round) -> {
          Map<Party, byte[]> messages = new TreeMap<>();
          signers.stream()
              .filter(to -> !to.equals(party))
              .forEach(to -> messages.put(to, round.message()));
          sent.put(party, messages);
        });
    return delivered(3, sent);
  }

  SigningRun toSecond() throws ProtocolAbortException {
    Map<Party, Map<Party, byte[]>> messages = firstMessages();
    for (Party party : signers) {
      second.put(party, Committee.get(first, party).receive(Committee.get(messages, party)));
    }
    return this;
  }

  SigningRun toPresignatures() throws ProtocolAbortException {
    toSecond();
    Map<Party, Map<Party, byte[]>> messages = secondMessages();
    for (Party party : signers) {
      presignatures.put(
          party, Committee.get(second, party).receive(Committee.get(messages, party)));
    }
    return this;
  }

  SigningRun toThird(byte[] digest) throws ProtocolAbortException {
    toPresignatures();
    for (Party party : signers) {
      third.put(party, Committee.get(presignatures, party).sign(digest, NOTED));
    }
    return this;
  }

  /// What each signer ends with.
  Map<Party, EcdsaSignature> finish(byte[] digest) throws ProtocolAbortException {
    toThird(digest);
    Map<Party, Map<Party, byte[]>> messages = thirdMessages();
    Map<Party, EcdsaSignature> signatures = new TreeMap<>();
    for (Party party : signers) {
      signatures.put(party, Committee.get(third, party).finish(Committee.get(messages, party)));
    }
    return signatures;
  }
}
