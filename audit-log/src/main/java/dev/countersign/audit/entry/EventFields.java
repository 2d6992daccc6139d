package dev.countersign.audit.entry;

import dev.countersign.audit.entry.Json.Fields;
import dev.countersign.audit.entry.Json.Flag;
import dev.countersign.audit.entry.Json.Text;
import dev.countersign.core.audit.AuditEvent.ApprovalGiven;
import dev.countersign.core.audit.AuditEvent.BalanceUnexplained;
import dev.countersign.core.audit.AuditEvent.CallerRefused;
import dev.countersign.core.audit.AuditEvent.CheckpointKeyChanged;
import dev.countersign.core.audit.AuditEvent.EntriesArchived;
import dev.countersign.core.audit.AuditEvent.ForeignTransaction;
import dev.countersign.core.audit.AuditEvent.JudgingFailed;
import dev.countersign.core.audit.AuditEvent.KeyCreated;
import dev.countersign.core.audit.AuditEvent.LaneResumed;
import dev.countersign.core.audit.AuditEvent.LogContinued;
import dev.countersign.core.audit.AuditEvent.MessageAdmitted;
import dev.countersign.core.audit.AuditEvent.MessageSigned;
import dev.countersign.core.audit.AuditEvent.PolicyActivated;
import dev.countersign.core.audit.AuditEvent.PolicyApproved;
import dev.countersign.core.audit.AuditEvent.PolicyProposalEnded;
import dev.countersign.core.audit.AuditEvent.PolicyProposed;
import dev.countersign.core.audit.AuditEvent.PolicyRejected;
import dev.countersign.core.audit.AuditEvent.RequestAdmitted;
import dev.countersign.core.audit.AuditEvent.RequestDenied;
import dev.countersign.core.audit.AuditEvent.RequestExpired;
import dev.countersign.core.audit.AuditEvent.RequestFailed;
import dev.countersign.core.audit.AuditEvent.RequestHeld;
import dev.countersign.core.audit.AuditEvent.RequestRefused;
import dev.countersign.core.audit.AuditEvent.RequestRejected;
import dev.countersign.core.audit.AuditEvent.RequestWithdrawn;
import dev.countersign.core.audit.AuditEvent.ScopeFrozen;
import dev.countersign.core.audit.AuditEvent.ScopeThawed;
import dev.countersign.core.audit.AuditEvent.ServerStarted;
import dev.countersign.core.audit.AuditEvent.ServerStopped;
import dev.countersign.core.audit.AuditEvent.TokenIssued;
import dev.countersign.core.audit.AuditEvent.TokenRevoked;
import dev.countersign.core.audit.AuditEvent.TransactionBroadcast;
import dev.countersign.core.audit.AuditEvent.TransactionConfirmed;
import dev.countersign.core.audit.AuditEvent.TransactionMadePublic;
import dev.countersign.core.audit.AuditEvent.TransactionReplacementDenied;
import dev.countersign.core.audit.AuditEvent.TransactionReplacementDropped;
import dev.countersign.core.audit.AuditEvent.TransactionReplacementPermitted;
import dev.countersign.core.audit.AuditEvent.TransactionRoutedPrivately;
import dev.countersign.core.audit.AuditEvent.TransactionSigned;
import dev.countersign.core.audit.AuditEvent.TransactionUnmined;
import dev.countersign.core.audit.AuditEvent.VaultCreated;
import dev.countersign.core.audit.AuditEvent.WalletCreated;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Nonce;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What an event becomes in its entry.
///
/// @param subject what it happened to: a kind, a colon and a name
/// @param fields in the shapes of the type
record EventFields(EntryType type, String subject, Fields fields) {

  static EventFields of(AuditRecord record) {
    return switch (record.event()) {
      case RequestAdmitted e ->
          of(
              EntryType.REQUEST_ADMITTED,
              "wallet:" + e.wallet(),
              withFees(
                  e.fees(),
                  Map.of(
                      "chain", chain(e.chain()),
                      "intent", intent(e.intent()),
                      "nonce", nonce(e.nonce()),
                      "observed", DecisionFields.observed(e.observed()),
                      "policy", policy(e.policy()),
                      "rule", Cut.text(e.rule()),
                      "signingDigest", hash(e.signingDigest()),
                      "wallet", new Text(e.wallet().value()))));
      case MessageAdmitted e ->
          of(
              EntryType.MESSAGE_ADMITTED,
              "wallet:" + e.wallet(),
              Map.of(
                  "chain", chain(e.chain()),
                  "intent", intent(e.intent()),
                  "observed", DecisionFields.observed(e.observed()),
                  "policy", policy(e.policy()),
                  "rule", Cut.text(e.rule()),
                  "signingDigest", hash(e.signingDigest()),
                  "wallet", new Text(e.wallet().value())));
      case RequestDenied e ->
          of(
              EntryType.REQUEST_DENIED,
              "wallet:" + e.wallet(),
              Map.of(
                  "chain", chain(e.chain()),
                  "intent", intent(e.intent()),
                  "outcomes", Cut.list(e.outcomes().stream().map(DecisionFields::outcome).toList()),
                  "policy", policy(e.policy()),
                  "reason", Cut.text(e.reason()),
                  "rule", Cut.text(e.rule()),
                  "wallet", new Text(e.wallet().value())));
      case JudgingFailed e ->
          of(
              EntryType.JUDGING_FAILED,
              "wallet:" + e.wallet(),
              Map.of(
                  "chain", chain(e.chain()),
                  "intent", intent(e.intent()),
                  "policy", policy(e.policy()),
                  "reason", Cut.text(e.reason()),
                  "wallet", new Text(e.wallet().value())));
      case RequestHeld e ->
          of(
              EntryType.REQUEST_HELD,
              "wallet:" + e.wallet(),
              withFees(
                  e.fees(),
                  Map.of(
                      "chain", chain(e.chain()),
                      "intent", intent(e.intent()),
                      "policy", policy(e.policy()),
                      "reason", Cut.text(e.reason()),
                      "rules", Cut.text(String.join(",", e.rules())),
                      "until", new Text(e.until().toString()),
                      "waitsFor", new Text(e.waitsFor()),
                      "wallet", new Text(e.wallet().value()))));
      case ApprovalGiven e ->
          of(
              EntryType.APPROVAL_GIVEN,
              request(record),
              Map.of(
                  "approver", new Text(e.approver()),
                  "decision", new Text(e.decision()),
                  "key", new Text(e.key()),
                  "reason", Cut.text(e.reason()),
                  "signature", new Text(e.signature().hex()),
                  "statement", hash(e.statement())));
      case RequestExpired e ->
          of(EntryType.REQUEST_EXPIRED, request(record), Map.of("reason", Cut.text(e.reason())));
      case RequestRejected e ->
          of(EntryType.REQUEST_REJECTED, request(record), Map.of("reason", Cut.text(e.reason())));
      case RequestWithdrawn e ->
          of(EntryType.REQUEST_WITHDRAWN, request(record), Map.of("reason", Cut.text(e.reason())));
      case RequestRefused e ->
          of(
              EntryType.REQUEST_REFUSED,
              "method:" + e.method(),
              Map.of(
                  "clientRequestId", Cut.text(e.requestId()),
                  "code", new Text(e.refusal().code().name()),
                  "field", Cut.text(e.refusal().field()),
                  "message", Cut.text(e.refusal().message()),
                  "method", Cut.text(e.method())));
      case CallerRefused e ->
          of(
              EntryType.CALLER_REFUSED,
              "certificate:" + (e.certificate().isEmpty() ? "none" : e.certificate()),
              Map.of("certificate", Cut.text(e.certificate()), "reason", Cut.text(e.reason())));
      case TransactionSigned e ->
          of(
              EntryType.TRANSACTION_SIGNED,
              transaction(e.chain(), e.transactionHash()),
              Map.of(
                  "chain", chain(e.chain()),
                  "nonce", nonce(e.nonce()),
                  "transactionHash", hash(e.transactionHash())));
      case MessageSigned e ->
          of(
              EntryType.MESSAGE_SIGNED,
              request(record),
              Map.of(
                  "chain", chain(e.chain()),
                  "signature", new Text(e.signature().hex()),
                  "signingDigest", hash(e.signingDigest())));
      case TransactionBroadcast e ->
          of(
              EntryType.TRANSACTION_BROADCAST,
              transaction(e.chain(), e.transactionHash()),
              Map.of(
                  "chain", chain(e.chain()),
                  "nonce", nonce(e.nonce()),
                  "transactionHash", hash(e.transactionHash())));
      case TransactionUnmined e ->
          of(
              EntryType.TRANSACTION_UNMINED,
              transaction(e.chain(), e.transactionHash()),
              Map.of(
                  "chain", chain(e.chain()),
                  "nonce", nonce(e.nonce()),
                  "transactionHash", hash(e.transactionHash())));
      case TransactionConfirmed e ->
          of(
              EntryType.TRANSACTION_CONFIRMED,
              transaction(e.chain(), e.transactionHash()),
              Map.of(
                  "blockHash", hash(e.blockHash()),
                  "blockNumber", new Text(Long.toUnsignedString(e.blockNumber())),
                  "chain", chain(e.chain()),
                  "nonce", nonce(e.nonce()),
                  "succeeded", new Flag(e.succeeded()),
                  "transactionHash", hash(e.transactionHash())));
      case RequestFailed e ->
          of(EntryType.REQUEST_FAILED, request(record), Map.of("reason", Cut.text(e.reason())));
      case VaultCreated e ->
          of(
              EntryType.VAULT_CREATED,
              "vault:" + e.vault(),
              Map.of(
                  "tier", new Text(e.tier().name().toLowerCase(Locale.ROOT)),
                  "vault", new Text(e.vault().value())));
      case KeyCreated e ->
          of(
              EntryType.KEY_CREATED,
              "key:" + e.backend() + "/" + e.key(),
              Map.of(
                  "backend", new Text(e.backend().value()),
                  "key", new Text(e.key().value()),
                  "publicKey", new Text(e.publicKey().uncompressed().hex())));
      case WalletCreated e ->
          of(
              EntryType.WALLET_CREATED,
              "wallet:" + e.wallet(),
              Map.of(
                  "backend", new Text(e.backend().value()),
                  "key", new Text(e.key().value()),
                  "vault", new Text(e.vault().value()),
                  "wallet", new Text(e.wallet().value())));
      case PolicyActivated e ->
          of(
              EntryType.POLICY_ACTIVATED,
              "policy:" + e.policy().number(),
              Map.of("policy", policy(e.policy())));
      case ServerStarted e ->
          of(
              EntryType.SERVER_STARTED,
              "server:" + e.instance(),
              Map.of(
                  "configuration", hash(e.configuration()),
                  "instance", Cut.text(e.instance()),
                  "version", Cut.text(e.version())));
      case ServerStopped e ->
          of(
              EntryType.SERVER_STOPPED,
              "server:" + e.instance(),
              Map.of("instance", Cut.text(e.instance())));
      case CheckpointKeyChanged e ->
          of(
              EntryType.CHECKPOINT_KEY_CHANGED,
              "log:" + e.origin(),
              Map.of(
                  "current", Cut.text(e.current()),
                  "former", Cut.text(e.former()),
                  "origin", Cut.text(e.origin())));
      case LogContinued e ->
          of(
              EntryType.LOG_CONTINUED,
              "log:" + e.origin(),
              Map.of(
                  "key", Cut.text(e.key()),
                  "origin", Cut.text(e.origin()),
                  "root", hash(e.root()),
                  "treeSize", new Text(Long.toString(e.treeSize()))));
      case EntriesArchived e ->
          of(
              EntryType.ENTRIES_ARCHIVED,
              "entries:0-" + (e.entries() - 1),
              Map.of(
                  "entries", new Text(Long.toString(e.entries())),
                  "root", hash(e.root()),
                  "treeSize", new Text(Long.toString(e.treeSize()))));
      case ScopeFrozen e ->
          of(
              EntryType.SCOPE_FROZEN,
              frozen(e.scope()),
              Map.of(
                  "freeze", new Text(e.freeze().toString()),
                  "reason", Cut.text(e.reason().value()),
                  "scope", new Text(e.scope().text())));
      case ScopeThawed e ->
          of(
              EntryType.SCOPE_THAWED,
              frozen(e.scope()),
              Map.of(
                  "approvers",
                  Cut.list(e.approvers().stream().map(Cut::text).toList()),
                  "freeze",
                  new Text(e.freeze().toString()),
                  "scope",
                  new Text(e.scope().text()),
                  "statement",
                  hash(e.statement())));
      case TokenIssued e ->
          of(
              EntryType.TOKEN_ISSUED,
              "token:" + e.token(),
              Map.of(
                  "client", new Text(e.client().value()),
                  "expires", new Text(e.expires().toString()),
                  "token", new Text(e.token())));
      case TokenRevoked e ->
          of(
              EntryType.TOKEN_REVOKED,
              "token:" + e.token(),
              Map.of("client", new Text(e.client().value()), "token", new Text(e.token())));
      case PolicyProposed e -> ProposalFields.of(e);
      case PolicyApproved e -> ProposalFields.of(e);
      case PolicyRejected e -> ProposalFields.of(e);
      case PolicyProposalEnded e -> ProposalFields.of(e);
      case BalanceUnexplained e ->
          of(
              EntryType.BALANCE_UNEXPLAINED,
              "wallet:" + e.wallet(),
              Map.of(
                  "actual", new Text(e.actual().toString()),
                  "asset", new Text(e.asset().toString()),
                  "blockHash", hash(e.blockHash()),
                  "blockNumber", new Text(Long.toString(e.blockNumber())),
                  "expected", new Text(e.expected().toString()),
                  "sinceBlock", new Text(Long.toString(e.sinceBlock())),
                  "wallet", new Text(e.wallet().value())));
      case TransactionReplacementPermitted e ->
          of(
              EntryType.TRANSACTION_REPLACEMENT_PERMITTED,
              transaction(e.chain(), e.replaces()),
              Map.of(
                  "chain", chain(e.chain()),
                  "maxFeePerGas", new Text(e.fees().maxFeePerGas().toString()),
                  "maxPriorityFeePerGas", new Text(e.fees().maxPriorityFeePerGas().toString()),
                  "nonce", nonce(e.nonce()),
                  "observed", DecisionFields.observed(e.observed()),
                  "policy", policy(e.policy()),
                  "purpose", new Text(e.purpose().text()),
                  "replaces", hash(e.replaces()),
                  "rule", Cut.text(e.rule()),
                  "signingDigest", hash(e.signingDigest())));
      case TransactionReplacementDenied e ->
          of(
              EntryType.TRANSACTION_REPLACEMENT_DENIED,
              transaction(e.chain(), e.replaces()),
              Map.of(
                  "chain", chain(e.chain()),
                  "nonce", nonce(e.nonce()),
                  "policy", policy(e.policy()),
                  "purpose", new Text(e.purpose().text()),
                  "reason", Cut.text(e.reason()),
                  "replaces", hash(e.replaces()),
                  "rule", Cut.text(e.rule())));
      case TransactionReplacementDropped e ->
          of(
              EntryType.TRANSACTION_REPLACEMENT_DROPPED,
              request(record),
              Map.of(
                  "chain", chain(e.chain()),
                  "nonce", nonce(e.nonce()),
                  "purpose", new Text(e.purpose().text()),
                  "reason", Cut.text(e.reason()),
                  "signingDigest", hash(e.signingDigest())));
      case ForeignTransaction e ->
          of(
              EntryType.FOREIGN_TRANSACTION,
              "account:" + e.chain() + ":" + e.account().hex(),
              Map.of(
                  "account",
                  new Text(e.account().hex()),
                  "chain",
                  chain(e.chain()),
                  "mined",
                  new Text(Long.toString(e.mined())),
                  "nonce",
                  nonce(e.nonce())));
      case TransactionRoutedPrivately e ->
          of(
              EntryType.TRANSACTION_ROUTED_PRIVATELY,
              request(record),
              Map.of(
                  "chain",
                  chain(e.chain()),
                  "nonce",
                  nonce(e.nonce()),
                  "policy",
                  policy(e.policy()),
                  "publicAfterBlocks",
                  new Text(
                      e.publicAfterBlocks().isPresent()
                          ? Integer.toString(e.publicAfterBlocks().getAsInt())
                          : "never"),
                  "rules",
                  Cut.text(String.join(",", e.rules()))));
      case TransactionMadePublic e ->
          of(
              EntryType.TRANSACTION_MADE_PUBLIC,
              request(record),
              Map.of(
                  "block", new Text(Long.toString(e.block())),
                  "chain", chain(e.chain()),
                  "nonce", nonce(e.nonce()),
                  "privateSince", new Text(Long.toString(e.privateSince())),
                  "publicAfterBlocks", new Text(Integer.toString(e.publicAfterBlocks()))));
      case LaneResumed e ->
          of(
              EntryType.LANE_RESUMED,
              "account:" + e.chain() + ":" + e.account().hex(),
              Map.of(
                  "account", new Text(e.account().hex()),
                  "chain", chain(e.chain()),
                  "next", nonce(e.next()),
                  "reason", Cut.text(e.reason())));
    };
  }

  /// Every other scope reads like a subject itself.
  private static String frozen(FreezeScope scope) {
    return switch (scope) {
      case FreezeScope.Everything everything -> "deployment:" + everything.text();
      case FreezeScope.OfVault _, FreezeScope.OfWallet _, FreezeScope.OfChain _ -> scope.text();
    };
  }

  static EventFields of(EntryType type, String subject, Map<String, Json> fields) {
    return new EventFields(type, subject, new Fields(fields));
  }

  private static String request(AuditRecord record) {
    return "request:" + record.request().map(Object::toString).orElse("none");
  }

  private static Fields intent(Intent intent) {
    return new Fields(
        switch (intent) {
          case Intent.NativeTransfer(var to, var value) ->
              Map.of(
                  "kind", new Text("native-transfer"),
                  "to", new Text(to.hex()),
                  "value", new Text(value.toString()));
          case Intent.Erc20Transfer(var token, var to, var value) ->
              Map.of(
                  "kind", new Text("erc20-transfer"),
                  "to", new Text(to.hex()),
                  "token", new Text(token.hex()),
                  "value", new Text(value.toString()));
          case Intent.ContractCall(var to, var value, var data) ->
              Map.of(
                  "data", Cut.callData(data),
                  "kind", new Text("contract-call"),
                  "to", new Text(to.hex()),
                  "value", new Text(value.toString()));
          case Intent.ContractCreation(var value, var initCode) ->
              Map.of(
                  "data", Cut.callData(initCode),
                  "kind", new Text("contract-creation"),
                  "value", new Text(value.toString()));
          case Intent.PersonalMessage(var message) ->
              Map.of("kind", new Text("personal-message"), "message", Cut.text(message.hex()));
          case Intent.TypedData(var json) ->
              Map.of("json", Cut.text(json), "kind", new Text("typed-data"));
        });
  }

  static Fields policy(PolicyVersion policy) {
    return new Fields(
        Map.of(
            "hash",
            hash(policy.hash()),
            "number",
            new Text(Long.toUnsignedString(policy.number()))));
  }

  private static String transaction(ChainId chain, Digest32 hash) {
    return "transaction:" + chain + ":" + hash;
  }

  /// Only where its client says how fees are found: what has nothing of it stays as it was.
  private static Map<String, Json> withFees(
      Optional<FeeChoice.ByMarket> fees, Map<String, Json> fields) {
    if (fees.isEmpty()) {
      return fields;
    }
    Map<String, Json> all = new TreeMap<>(fields);
    all.put("fees", new Text(fees.get().text()));
    return all;
  }

  private static Text chain(ChainId chain) {
    return new Text(chain.caip2());
  }

  private static Text nonce(Nonce nonce) {
    return new Text(nonce.toString());
  }

  static Text hash(Digest32 digest) {
    return new Text(digest.hex());
  }
}
