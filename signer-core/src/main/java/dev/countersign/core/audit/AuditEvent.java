package dev.countersign.core.audit;

import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.freeze.FreezeId;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.model.Tier;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.request.Refusal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Everything that can happen. Closed: the log's format has one form for each, and the compiler
/// finds whoever forgot one.
public sealed interface AuditEvent {

  /// Policy allowed it; limits are reserved, the nonce is owned, the permit is issued. Durable
  /// before the key is used.
  ///
  /// @param observed what policy saw, and what became of its limits
  /// @param fees how its client lets the fees be found, where it says it
  record RequestAdmitted(
      WalletId wallet,
      ChainId chain,
      Intent intent,
      PolicyVersion policy,
      String rule,
      Nonce nonce,
      Digest32 signingDigest,
      Observed observed,
      Optional<FeeChoice.ByMarket> fees)
      implements AuditEvent {
    /// Where its client says nothing of how fees are found.
    public RequestAdmitted(
        WalletId wallet,
        ChainId chain,
        Intent intent,
        PolicyVersion policy,
        String rule,
        Nonce nonce,
        Digest32 signingDigest,
        Observed observed) {
      this(wallet, chain, intent, policy, rule, nonce, signingDigest, observed, Optional.empty());
    }
  }

  /// Policy allowed a message; limits are reserved, the permit is issued. Durable before the key is
  /// used.
  ///
  /// @param signingDigest the Keccak-256 of the message's preimage
  /// @param observed what policy saw, and what became of its limits
  record MessageAdmitted(
      WalletId wallet,
      ChainId chain,
      Intent intent,
      PolicyVersion policy,
      String rule,
      Digest32 signingDigest,
      Observed observed)
      implements AuditEvent {}

  /// Policy denied it.
  record RequestDenied(
      WalletId wallet,
      ChainId chain,
      Intent intent,
      PolicyVersion policy,
      String rule,
      String reason,
      List<RuleOutcome> outcomes)
      implements AuditEvent {
    public RequestDenied {
      outcomes = List.copyOf(outcomes);
    }
  }

  /// Policy allows it once more is there; nothing is reserved yet.
  ///
  /// @param rules those that demand it
  /// @param waitsFor `approvals` or `time-lock`
  /// @param until when an approval comes too late, or when the time lock opens
  /// @param fees how its client lets the fees be found, where it says it
  record RequestHeld(
      WalletId wallet,
      ChainId chain,
      Intent intent,
      PolicyVersion policy,
      List<String> rules,
      String waitsFor,
      Instant until,
      String reason,
      Optional<FeeChoice.ByMarket> fees)
      implements AuditEvent {
    public RequestHeld {
      rules = List.copyOf(rules);
    }

    /// Where its client says nothing of how fees are found.
    public RequestHeld(
        WalletId wallet,
        ChainId chain,
        Intent intent,
        PolicyVersion policy,
        List<String> rules,
        String waitsFor,
        Instant until,
        String reason) {
      this(wallet, chain, intent, policy, rules, waitsFor, until, reason, Optional.empty());
    }
  }

  /// An approver decided, and it was counted. The signature proves it to whoever has the statement.
  ///
  /// @param key of the approver, in text
  /// @param decision `approve` or `reject`
  /// @param statement SHA-256 of what was signed
  /// @param reason in the approver's words, or empty; not signed
  record ApprovalGiven(
      String approver,
      String key,
      String decision,
      Digest32 statement,
      Bytes signature,
      String reason)
      implements AuditEvent {}

  /// Approvals came too late.
  record RequestExpired(String reason) implements AuditEvent {}

  /// An approver said no.
  record RequestRejected(String reason) implements AuditEvent {}

  /// Withdrawn while it waited. It had no nonce, and never comes back.
  record RequestWithdrawn(String reason) implements AuditEvent {}

  /// It could not be judged, and so was denied.
  record JudgingFailed(
      WalletId wallet, ChainId chain, Intent intent, PolicyVersion policy, String reason)
      implements AuditEvent {}

  /// A question that never became a request.
  ///
  /// @param method the full name of the gRPC method
  /// @param requestId the client's own id for it, or empty
  record RequestRefused(String method, String requestId, Refusal refusal) implements AuditEvent {}

  /// A connection that was not let in.
  ///
  /// @param certificate SHA-256 of the certificate, hex, or empty when there was none
  record CallerRefused(String certificate, String reason) implements AuditEvent {}

  /// The signature is durable.
  record TransactionSigned(ChainId chain, Nonce nonce, Digest32 transactionHash)
      implements AuditEvent {}

  /// The signature of a message is durable.
  ///
  /// @param signingDigest the Keccak-256 of the message's preimage
  /// @param signature `r ‖ s ‖ v`
  record MessageSigned(ChainId chain, Digest32 signingDigest, Bytes signature)
      implements AuditEvent {}

  /// A node has taken it.
  record TransactionBroadcast(ChainId chain, Nonce nonce, Digest32 transactionHash)
      implements AuditEvent {}

  /// Was mined and is not any longer: its block was replaced. It is sent again.
  record TransactionUnmined(ChainId chain, Nonce nonce, Digest32 transactionHash)
      implements AuditEvent {}

  /// Mined as deep as its chain asks.
  record TransactionConfirmed(
      ChainId chain,
      Nonce nonce,
      Digest32 transactionHash,
      long blockNumber,
      Digest32 blockHash,
      boolean succeeded)
      implements AuditEvent {}

  /// Policy lets another payload take the place of one that is signed, on its nonce. Durable before
  /// the key is used.
  ///
  /// @param replaces the hash of the transaction whose place it is to take
  /// @param signingDigest of the payload that is to take it
  /// @param observed what policy saw, and what was charged beyond what the request had been
  record TransactionReplacementPermitted(
      ChainId chain,
      Nonce nonce,
      PayloadPurpose purpose,
      Digest32 replaces,
      PolicyVersion policy,
      String rule,
      Digest32 signingDigest,
      Fees fees,
      Observed observed)
      implements AuditEvent {}

  /// Policy does not. What is signed stays as it is.
  ///
  /// @param replaces the hash of the transaction that stays
  record TransactionReplacementDenied(
      ChainId chain,
      Nonce nonce,
      PayloadPurpose purpose,
      Digest32 replaces,
      PolicyVersion policy,
      String rule,
      String reason)
      implements AuditEvent {}

  /// What was permitted is not signed, and never will be: the key does not, or the nonce was mined
  /// meanwhile.
  ///
  /// @param signingDigest of the payload that was permitted
  record TransactionReplacementDropped(
      ChainId chain, Nonce nonce, PayloadPurpose purpose, Digest32 signingDigest, String reason)
      implements AuditEvent {}

  /// It ended without effect.
  record RequestFailed(String reason) implements AuditEvent {}

  record VaultCreated(VaultId vault, Tier tier) implements AuditEvent {}

  record KeyCreated(BackendName backend, KeyId key, PublicKey publicKey) implements AuditEvent {}

  record WalletCreated(WalletId wallet, VaultId vault, BackendName backend, KeyId key)
      implements AuditEvent {}

  /// Somebody wants another policy. Nothing is judged by it yet.
  ///
  /// @param base the policy that it is to follow; number 0 for the first one
  /// @param document SHA-256 of the proposed document
  /// @param statement SHA-256 of what approvers sign
  /// @param note in the proposer's words, or empty; not signed
  record PolicyProposed(
      ProposalId proposal, PolicyVersion base, Digest32 document, Digest32 statement, String note)
      implements AuditEvent {}

  /// An approver wants it too, and it was counted. The signature proves it to whoever has the
  /// statement.
  ///
  /// @param key of the approver, in text
  /// @param statement SHA-256 of what was signed
  record PolicyApproved(
      ProposalId proposal, String approver, String key, Digest32 statement, Bytes signature)
      implements AuditEvent {}

  /// An approver does not want it, which ends it.
  ///
  /// @param key of the approver, in text
  /// @param statement SHA-256 of what was signed
  /// @param reason in the approver's words, or empty; not signed
  record PolicyRejected(
      ProposalId proposal,
      String approver,
      String key,
      Digest32 statement,
      Bytes signature,
      String reason)
      implements AuditEvent {}

  /// A proposal ended without anybody's rejection: it was withdrawn, its time was up, or another
  /// policy was activated meanwhile.
  record PolicyProposalEnded(ProposalId proposal, String reason) implements AuditEvent {}

  record PolicyActivated(PolicyVersion policy) implements AuditEvent {}

  /// Nothing of the scope is admitted or signed from here on.
  record ScopeFrozen(FreezeId freeze, FreezeScope scope, FreezeReason reason)
      implements AuditEvent {}

  /// A quorum has lifted a freeze.
  ///
  /// @param approvers who signed for it
  /// @param statement SHA-256 of what they signed
  record ScopeThawed(FreezeId freeze, FreezeScope scope, List<String> approvers, Digest32 statement)
      implements AuditEvent {
    public ScopeThawed {
      approvers = List.copyOf(approvers);
    }
  }

  /// A wallet has less than its last balance and our own transactions since come to.
  ///
  /// @param sinceBlock the number of the block of the last balance
  record BalanceUnexplained(
      WalletId wallet,
      AssetId asset,
      BigInteger expected,
      BigInteger actual,
      long sinceBlock,
      long blockNumber,
      Digest32 blockHash)
      implements AuditEvent {}

  /// A nonce of an account is mined, and not by anything that was signed here: somebody else has
  /// used the key. The account's lane is paused. Its request, if the nonce had one, is lost.
  ///
  /// @param nonce the first one that this is about
  /// @param mined how many transactions of the account are mined, by a quorum of the nodes
  record ForeignTransaction(ChainId chain, Address account, Nonce nonce, long mined)
      implements AuditEvent {}

  /// By policy a transaction, and whatever replaces it, goes to its chain by a private relay.
  ///
  /// @param rules the rules that say so
  /// @param publicAfterBlocks after how many blocks it may go by the chain's nodes; never without
  record TransactionRoutedPrivately(
      ChainId chain,
      Nonce nonce,
      PolicyVersion policy,
      List<String> rules,
      OptionalInt publicAfterBlocks)
      implements AuditEvent {}

  /// As policy let it, a transaction that a private relay did not get mined goes by the chain's
  /// nodes from now on: everybody may see it before it is mined.
  ///
  /// @param privateSince the block at which it was first given to the relay
  /// @param block the newest block now
  record TransactionMadePublic(
      ChainId chain, Nonce nonce, int publicAfterBlocks, long privateSince, long block)
      implements AuditEvent {}

  /// An operator lets a lane go on that was paused.
  ///
  /// @param reason why it was paused
  /// @param next the lowest nonce that it gives from here on
  record LaneResumed(ChainId chain, Address account, String reason, Nonce next)
      implements AuditEvent {}

  /// @param configuration SHA-256 of the configuration file's bytes; secrets are in other files
  record ServerStarted(String instance, String version, Digest32 configuration)
      implements AuditEvent {}

  /// It takes no more calls, and what it had to do is done. One that was killed has no such entry.
  record ServerStopped(String instance) implements AuditEvent {}

  /// From here on another key signs the log's checkpoints.
  ///
  /// @param origin of the log
  /// @param former the verifier key until now, `name+id+key`
  /// @param current the one from now on
  record CheckpointKeyChanged(String origin, String former, String current) implements AuditEvent {}

  /// The first entry of a log that takes the place of another one, which was broken or given up.
  ///
  /// @param origin of the former log
  /// @param treeSize of its last good checkpoint
  /// @param root of that checkpoint
  /// @param key its verifier key, `name+id+key`
  record LogContinued(String origin, long treeSize, Digest32 root, String key)
      implements AuditEvent {}

  /// A client may show a bearer token from now on.
  ///
  /// @param token what it is called; no secret
  record TokenIssued(String token, ClientId client, Instant expires) implements AuditEvent {}

  /// A bearer token lets nobody in any more.
  record TokenRevoked(String token, ClientId client) implements AuditEvent {}

  /// Entries have left the database; every one of them is in an archive, which was verified first.
  ///
  /// @param entries those with an index below this may be in the archive alone
  /// @param treeSize how many entries the verified archive has
  /// @param root of the archive's tree
  record EntriesArchived(long entries, long treeSize, Digest32 root) implements AuditEvent {}
}
