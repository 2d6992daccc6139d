package dev.countersign.policy.evaluation;

import dev.countersign.core.action.Action;
import dev.countersign.core.action.CallUnpacker;
import dev.countersign.core.action.Deed;
import dev.countersign.core.action.SignableMessage;
import dev.countersign.core.action.Unpacking;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.ExplainedAction;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.rule.GasTerms;
import dev.countersign.policy.rule.JudgedAction;
import dev.countersign.policy.rule.RollingLimit;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.rule.ScopeKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Judges bytes by a policy. Whatever goes wrong is a denial that says so.
public final class PolicyJudge {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyJudge.class);

  private PolicyJudge() {}

  /// Total and deterministic: any bytes give a verdict, and the same arguments the same one.
  ///
  /// @param payload the bytes whose hash would be signed; nothing else is believed about what they
  /// do. Of typed data these are hashes: they must be those of the very data that was asked for
  public static Verdict judge(
      PolicyDocument policy, PolicySubject subject, Bytes payload, SpendingView spending) {
    return judge(policy, subject, () -> read(subject, payload), spending);
  }

  /// The same for a message (EIP-712, EIP-191, EIP-7702): each action it comes to is judged like
  /// one of a transaction, but for gas, which it does not burn.
  public static Verdict judge(
      PolicyDocument policy,
      PolicySubject subject,
      SignableMessage message,
      SpendingView spending) {
    return judge(policy, subject, message.unpacking(), spending);
  }

  /// The same for anything that is signed and is no transaction.
  ///
  /// @param message what it comes to; of a digest see [dev.countersign.core.action.RawDigests]
  public static Verdict judge(
      PolicyDocument policy, PolicySubject subject, Unpacking message, SpendingView spending) {
    return judge(policy, subject, () -> read(subject, message), spending);
  }

  private static Verdict judge(
      PolicyDocument policy,
      PolicySubject subject,
      Supplier<Reading> reading,
      SpendingView spending) {
    try {
      return switch (reading.get()) {
        case Reading.Unreadable(String why) -> cannotJudge(why);
        case Reading.Read(List<JudgedAction> actions) ->
            PolicyEvaluation.of(policy, actions, spending);
      };
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("judging request {} failed, so it is denied", subject.request(), e);
      return cannotJudge("an error while judging it: " + e.getClass().getSimpleName());
    }
  }

  /// What every rule makes of what the payload itself does, in the order of the document; nothing
  /// of bytes that cannot be judged.
  public static List<RuleOutcome> explain(
      PolicyDocument policy, PolicySubject subject, Bytes payload, SpendingView spending) {
    return explain(policy, read(subject, payload), spending);
  }

  /// The same for what is no transaction.
  public static List<RuleOutcome> explain(
      PolicyDocument policy, PolicySubject subject, Unpacking message, SpendingView spending) {
    return explain(policy, read(subject, message), spending);
  }

  private static List<RuleOutcome> explain(
      PolicyDocument policy, Reading reading, SpendingView spending) {
    return switch (reading) {
      case Reading.Unreadable _ -> List.of();
      case Reading.Read(List<JudgedAction> actions) ->
          RuleMatch.outcomes(policy.rules(), actions.getFirst(), spending);
    };
  }

  /// What every rule makes of everything the payload does, the payload itself first; nothing of
  /// bytes that cannot be judged.
  public static List<ExplainedAction> explainActions(
      PolicyDocument policy, PolicySubject subject, Bytes payload, SpendingView spending) {
    return switch (read(subject, payload)) {
      case Reading.Unreadable _ -> List.of();
      case Reading.Read(List<JudgedAction> actions) ->
          ActionExplanations.of(policy, actions, spending);
    };
  }

  /// The assets whose prices judging `subject` may ask for: what leaves by what it asks for, and
  /// what gas is paid in.
  public static Set<AssetId> assets(PolicySubject subject) {
    Set<AssetId> assets = new TreeSet<>();
    assets.add(AssetId.nativeOf(subject.chain()));
    if (subject.unpacking() instanceof Unpacking.Unpacked(List<Action> actions)) {
      judged(subject, actions, Optional.empty()).forEach(action -> assets.add(action.asset()));
    }
    return assets;
  }

  private sealed interface Reading {
    /// @param actions the root first
    record Read(List<JudgedAction> actions) implements Reading {}

    record Unreadable(String why) implements Reading {}
  }

  private static Reading read(PolicySubject subject, Bytes payload) {
    return switch (subject.content().intent()) {
      case Intent.OfTransaction _ -> readTransaction(subject, payload);
      case Intent.OfMessage message ->
          switch (SignableMessage.read(message, subject.account())) {
            case SignableMessage.NotUnderstood(Unpacking.Opaque opaque) -> read(subject, opaque);
            case SignableMessage.Understood understood ->
                understood.preimage().equals(payload)
                    ? read(subject, understood.unpacking())
                    : new Reading.Unreadable("the bytes are not those of the message asked for");
          };
    };
  }

  private static Reading readTransaction(PolicySubject subject, Bytes payload) {
    return switch (TransactionDecoder.decode(payload)) {
      case Outcome.Undecodable undecodable ->
          new Reading.Unreadable(
              "the bytes are no transaction that is signed here: "
                  + undecodable.problem()
                  + ": "
                  + undecodable.detail());
      case Outcome.Decoded decoded -> read(subject, decoded.transaction());
    };
  }

  private static Reading read(PolicySubject subject, UnsignedTransaction transaction) {
    if (!transaction.chain().equals(subject.chain())) {
      return new Reading.Unreadable(
          "the bytes are for chain %s, expected %s"
              .formatted(transaction.chain(), subject.chain()));
    }
    Optional<Wei> cap = subject.content().feeChoice().feeCap();
    if (cap.filter(most -> transaction.fees().maxFeePerGas().compareTo(most) > 0).isPresent()) {
      return new Reading.Unreadable(
          "the bytes offer %s wei per gas, the request is capped at %s"
              .formatted(transaction.fees().maxFeePerGas(), cap.get()));
    }
    return read(
        subject,
        CallUnpacker.unpack(transaction.call(), transaction.envelope(), subject.account()),
        Optional.of(
            GasTerms.of(transaction).upTo(cap, transaction.fees()).with(subject.parentFee())));
  }

  private static Reading read(PolicySubject subject, Unpacking unpacking, Optional<GasTerms> gas) {
    return switch (unpacking) {
      case Unpacking.Opaque(String reason) ->
          new Reading.Unreadable("what it does cannot be told: " + reason);
      case Unpacking.Unpacked(List<Action> actions) ->
          new Reading.Read(judged(subject, actions, gas));
    };
  }

  private static Reading read(PolicySubject subject, Unpacking message) {
    Optional<ChainId> chain =
        message instanceof Unpacking.Unpacked(List<Action> actions)
            ? switch (actions.getFirst().deed()) {
              case Deed.TypedMessage typed -> typed.chain();
              case Deed.Authorization authorization -> authorization.chain();
              default -> Optional.empty();
            }
            : Optional.empty();
    return chain
        .filter(other -> !other.equals(subject.chain()))
        .<Reading>map(
            other ->
                new Reading.Unreadable(
                    "the message is for chain %s, expected %s".formatted(other, subject.chain())))
        .orElseGet(() -> read(subject, message, Optional.empty()));
  }

  /// The denial of what cannot be judged by rules at all.
  public static Verdict.Deny cannotJudge(String reason) {
    return new Verdict.Deny(Decision.DEFAULT_DENY, List.of(), reason, true);
  }

  private static List<JudgedAction> judged(
      PolicySubject subject, List<Action> actions, Optional<GasTerms> gas) {
    return actions.stream().map(action -> JudgedAction.of(subject, action, gas)).toList();
  }

  /// Every scope that judging `subject` may look at or charge, whatever its nonce and fees turn out
  /// to be, with its window; in the order in which scopes are locked. What bytes do
  /// beyond what was asked has no scope, and so is denied.
  public static SortedMap<ScopeKey, LimitWindow> scopes(
      PolicyDocument policy, PolicySubject subject) {
    return scopes(policy, subject, subject.unpacking());
  }

  /// The same for what is no transaction.
  public static SortedMap<ScopeKey, LimitWindow> scopes(
      PolicyDocument policy, PolicySubject subject, Unpacking message) {
    SortedMap<ScopeKey, LimitWindow> scopes = new TreeMap<>();
    if (message instanceof Unpacking.Unpacked(List<Action> actions)) {
      for (JudgedAction action : judged(subject, actions, Optional.empty())) {
        for (Rule rule : policy.index().candidates(action)) {
          if (!rule.limits().isEmpty() && rule.mayBeAbout(action)) {
            for (RollingLimit limit : rule.limits()) {
              limit
                  .scope(rule.name(), action)
                  .ifPresent(scope -> scopes.put(scope, limit.window()));
            }
          }
        }
      }
    }
    return scopes;
  }
}
