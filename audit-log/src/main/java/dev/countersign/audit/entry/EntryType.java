package dev.countersign.audit.entry;

import static dev.countersign.audit.entry.Shape.FLAG;
import static dev.countersign.audit.entry.Shape.HASH;
import static dev.countersign.audit.entry.Shape.HEX;
import static dev.countersign.audit.entry.Shape.INTENT;
import static dev.countersign.audit.entry.Shape.NUMBER;
import static dev.countersign.audit.entry.Shape.OBSERVED;
import static dev.countersign.audit.entry.Shape.OUTCOMES;
import static dev.countersign.audit.entry.Shape.POLICY;
import static dev.countersign.audit.entry.Shape.TEXT;
import static dev.countersign.audit.entry.Shape.TEXTS;

import dev.countersign.audit.entry.Json.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The types of entries, and the fields of each one's `event`. What was written can never be
/// unwritten: types are added, and a type that needs other fields gets them as its next version,
/// while the versions before are still read.
enum EntryType {
  REQUEST_ADMITTED(
      Map.of(
          "chain", TEXT,
          "intent", INTENT,
          "nonce", NUMBER,
          "policy", POLICY,
          "rule", TEXT,
          "signingDigest", HASH,
          "wallet", TEXT),
      Map.of(
          "chain", TEXT,
          "intent", INTENT,
          "nonce", NUMBER,
          "observed", OBSERVED,
          "policy", POLICY,
          "rule", TEXT,
          "signingDigest", HASH,
          "wallet", TEXT),
      Map.of(
          "chain", TEXT,
          "fees", TEXT,
          "intent", INTENT,
          "nonce", NUMBER,
          "observed", OBSERVED,
          "policy", POLICY,
          "rule", TEXT,
          "signingDigest", HASH,
          "wallet", TEXT)),
  REQUEST_DENIED(
      Map.of(
          "chain", TEXT,
          "intent", INTENT,
          "outcomes", OUTCOMES,
          "policy", POLICY,
          "reason", TEXT,
          "rule", TEXT,
          "wallet", TEXT)),
  JUDGING_FAILED(
      Map.of("chain", TEXT, "intent", INTENT, "policy", POLICY, "reason", TEXT, "wallet", TEXT)),
  REQUEST_HELD(
      Map.of(
          "chain", TEXT,
          "intent", INTENT,
          "policy", POLICY,
          "reason", TEXT,
          "rules", TEXT,
          "until", TEXT,
          "waitsFor", TEXT,
          "wallet", TEXT),
      Map.of(
          "chain", TEXT,
          "fees", TEXT,
          "intent", INTENT,
          "policy", POLICY,
          "reason", TEXT,
          "rules", TEXT,
          "until", TEXT,
          "waitsFor", TEXT,
          "wallet", TEXT)),
  APPROVAL_GIVEN(
      Map.of(
          "approver", TEXT,
          "decision", TEXT,
          "key", TEXT,
          "reason", TEXT,
          "signature", HEX,
          "statement", HASH)),
  REQUEST_EXPIRED(Map.of("reason", TEXT)),
  REQUEST_REJECTED(Map.of("reason", TEXT)),
  REQUEST_WITHDRAWN(Map.of("reason", TEXT)),
  REQUEST_REFUSED(
      Map.of(
          "clientRequestId", TEXT, "code", TEXT, "field", TEXT, "message", TEXT, "method", TEXT)),
  CALLER_REFUSED(Map.of("certificate", TEXT, "reason", TEXT)),
  TRANSACTION_SIGNED(Map.of("chain", TEXT, "nonce", NUMBER, "transactionHash", HASH)),
  TRANSACTION_BROADCAST(Map.of("chain", TEXT, "nonce", NUMBER, "transactionHash", HASH)),
  TRANSACTION_UNMINED(Map.of("chain", TEXT, "nonce", NUMBER, "transactionHash", HASH)),
  TRANSACTION_CONFIRMED(
      Map.of(
          "blockHash", HASH,
          "blockNumber", NUMBER,
          "chain", TEXT,
          "nonce", NUMBER,
          "succeeded", FLAG,
          "transactionHash", HASH)),
  REQUEST_FAILED(Map.of("reason", TEXT)),
  VAULT_CREATED(Map.of("tier", TEXT, "vault", TEXT)),
  KEY_CREATED(Map.of("backend", TEXT, "key", TEXT, "publicKey", HEX)),
  WALLET_CREATED(Map.of("backend", TEXT, "key", TEXT, "vault", TEXT, "wallet", TEXT)),
  POLICY_ACTIVATED(Map.of("policy", POLICY)),
  SERVER_STARTED(
      Map.of("instance", TEXT, "version", TEXT),
      Map.of("configuration", HASH, "instance", TEXT, "version", TEXT)),
  SERVER_STOPPED(Map.of("instance", TEXT)),
  CHECKPOINT_KEY_CHANGED(Map.of("current", TEXT, "former", TEXT, "origin", TEXT)),
  LOG_CONTINUED(Map.of("key", TEXT, "origin", TEXT, "root", HASH, "treeSize", NUMBER)),
  ENTRIES_ARCHIVED(Map.of("entries", NUMBER, "root", HASH, "treeSize", NUMBER)),
  SCOPE_FROZEN(Map.of("freeze", TEXT, "reason", TEXT, "scope", TEXT)),
  SCOPE_THAWED(Map.of("approvers", TEXTS, "freeze", TEXT, "scope", TEXT, "statement", HASH)),
  POLICY_PROPOSED(
      Map.of("base", POLICY, "document", HASH, "note", TEXT, "proposal", TEXT, "statement", HASH)),
  POLICY_APPROVED(
      Map.of("approver", TEXT, "key", TEXT, "proposal", TEXT, "signature", HEX, "statement", HASH)),
  POLICY_REJECTED(
      Map.of(
          "approver", TEXT,
          "key", TEXT,
          "proposal", TEXT,
          "reason", TEXT,
          "signature", HEX,
          "statement", HASH)),
  POLICY_PROPOSAL_ENDED(Map.of("proposal", TEXT, "reason", TEXT)),
  BALANCE_UNEXPLAINED(
      Map.of(
          "actual", NUMBER,
          "asset", TEXT,
          "blockHash", HASH,
          "blockNumber", NUMBER,
          "expected", NUMBER,
          "sinceBlock", NUMBER,
          "wallet", TEXT)),
  MESSAGE_ADMITTED(
      Map.of(
          "chain", TEXT,
          "intent", INTENT,
          "observed", OBSERVED,
          "policy", POLICY,
          "rule", TEXT,
          "signingDigest", HASH,
          "wallet", TEXT)),
  MESSAGE_SIGNED(Map.of("chain", TEXT, "signature", HEX, "signingDigest", HASH)),
  TRANSACTION_REPLACEMENT_PERMITTED(
      Map.of(
          "chain", TEXT,
          "maxFeePerGas", NUMBER,
          "maxPriorityFeePerGas", NUMBER,
          "nonce", NUMBER,
          "observed", OBSERVED,
          "policy", POLICY,
          "purpose", TEXT,
          "replaces", HASH,
          "rule", TEXT,
          "signingDigest", HASH)),
  TRANSACTION_REPLACEMENT_DENIED(
      Map.of(
          "chain", TEXT,
          "nonce", NUMBER,
          "policy", POLICY,
          "purpose", TEXT,
          "reason", TEXT,
          "replaces", HASH,
          "rule", TEXT)),
  TRANSACTION_REPLACEMENT_DROPPED(
      Map.of(
          "chain", TEXT, "nonce", NUMBER, "purpose", TEXT, "reason", TEXT, "signingDigest", HASH)),
  FOREIGN_TRANSACTION(Map.of("account", TEXT, "chain", TEXT, "mined", NUMBER, "nonce", NUMBER)),
  LANE_RESUMED(Map.of("account", TEXT, "chain", TEXT, "next", NUMBER, "reason", TEXT)),
  TRANSACTION_ROUTED_PRIVATELY(
      Map.of(
          "chain",
          TEXT,
          "nonce",
          NUMBER,
          "policy",
          POLICY,
          "publicAfterBlocks",
          TEXT,
          "rules",
          TEXT)),
  TRANSACTION_MADE_PUBLIC(
      Map.of(
          "block", NUMBER,
          "chain", TEXT,
          "nonce", NUMBER,
          "privateSince", NUMBER,
          "publicAfterBlocks", NUMBER)),
  TOKEN_ISSUED(Map.of("client", TEXT, "expires", TEXT, "token", TEXT)),
  TOKEN_REVOKED(Map.of("client", TEXT, "token", TEXT));

  @SuppressWarnings("ImmutableEnumChecker") // Map.of makes maps that cannot be changed
  private final List<Map<String, Shape>> versions;

  /// @param fields of version 1
  EntryType(Map<String, Shape> fields) {
    this.versions = List.of(fields);
  }

  /// @param former the fields of version 1
  /// @param fields those of version 2
  EntryType(Map<String, Shape> former, Map<String, Shape> fields) {
    this.versions = List.of(former, fields);
  }

  /// @param first the fields of version 1
  /// @param second those of version 2
  /// @param third those of version 3
  EntryType(Map<String, Shape> first, Map<String, Shape> second, Map<String, Shape> third) {
    this.versions = List.of(first, second, third);
  }

  /// The newest version; every one from 1 on is read.
  int version() {
    return versions.size();
  }

  /// The version that an event of these fields is written in: the newest that has them. So what has
  /// nothing of what a version added stays as readers of the one before know it.
  int versionOf(Fields event) {
    int version = versions.size();
    while (version > 1 && !versions.get(version - 1).keySet().equals(event.values().keySet())) {
      version--;
    }
    return version;
  }

  /// As entries name it, such as `request-admitted`.
  String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// @param version 1 to [#version]
  boolean accepts(int version, Json event) {
    return Shape.isExactly(event, versions.get(version - 1));
  }

  static Optional<EntryType> named(String wireName) {
    return Arrays.stream(values()).filter(type -> type.wireName().equals(wireName)).findFirst();
  }
}
