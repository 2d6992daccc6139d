package dev.countersign.audit.entry;

import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.evm.CallEncoder;
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
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.model.Tier;
import dev.countersign.core.model.TokenAmount;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// One record of each type, and more where a type has several forms; each by the name of the file
/// of its golden bytes.
public final class Examples {
  public static final SigningRequestId REQUEST =
      SigningRequestId.parse("019bd3a4-5c00-7000-8000-000000000001");
  private static final Instant AT = Instant.parse("2026-11-22T18:41:00.123456789Z");
  private static final Actor CLIENT =
      new Actor(Actor.Kind.CLIENT, "trading-desk", "mtls:sha256:" + "ab".repeat(32));
  private static final Digest32 DIGEST = digest("d1");
  private static final ChainId CHAIN = new ChainId("eip155:31337");
  private static final WalletId WALLET = new WalletId("hot-1");
  private static final Address TO = new Address("0x" + "70997970c51812dc3a010c7d01b50e0d17dc79c8");
  private static final PolicyVersion POLICY = new PolicyVersion(7, digest("90"));
  private static final Intent.OfTransaction TRANSFER =
      new Intent.NativeTransfer(TO, Wei.parse("1000000000000000000"));

  private Examples() {}

  public static Map<String, AuditRecord> all() {
    Map<String, AuditRecord> examples = new LinkedHashMap<>();
    examples.put("request-admitted-native", admitted(TRANSFER));
    examples.put(
        "request-admitted-erc20",
        admitted(
            new Intent.Erc20Transfer(
                new Address("0x" + "5fbdb2315678afecb367f032d93f642f64180aa3"),
                TO,
                TokenAmount.parse(
                    "115792089237316195423570985008687907853269984665640564039457584007913129639935"))));
    examples.put("request-admitted-call", admitted(call(68)));
    examples.put("request-admitted-long-call", admitted(call(65_536)));
    examples.put(
        "request-admitted-creation",
        admitted(new Intent.ContractCreation(Wei.of(5), Bytes.fromHex("0x60005f5360015ff3"))));
    examples.put("request-denied", denied(2));
    examples.put("request-denied-many-rules", denied(500));
    examples.put(
        "judging-failed",
        AuditRecord.of(
            AT,
            CLIENT,
            REQUEST,
            DIGEST,
            new AuditEvent.JudgingFailed(
                WALLET,
                CHAIN,
                TRANSFER,
                POLICY,
                "an error while judging it: ArithmeticException")));
    examples.put(
        "request-held",
        AuditRecord.of(
            AT,
            CLIENT,
            REQUEST,
            DIGEST,
            new AuditEvent.RequestHeld(
                WALLET,
                CHAIN,
                TRANSFER,
                POLICY,
                List.of("large", "new-payee"),
                "approvals",
                Instant.parse("2026-11-23T18:41:00Z"),
                "waits for approval: 2 of treasury")));
    examples.put(
        "approval-given",
        ofRequest(
            new AuditEvent.ApprovalGiven(
                "alice",
                "ed25519:MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrY=",
                "approve",
                digest("5a"),
                Bytes.fromHex("0x" + "a5".repeat(64)),
                "seen with Bob")));
    examples.put(
        "request-expired",
        ofRequest(new AuditEvent.RequestExpired("its approvers had time until noon")));
    examples.put(
        "request-rejected", ofRequest(new AuditEvent.RequestRejected("rejected by alice")));
    examples.put(
        "request-withdrawn", ofRequest(new AuditEvent.RequestWithdrawn("withdrawn by desk")));
    examples.put(
        "request-refused",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.RequestRefused(
                "countersign.v1.SigningService/SignTransaction",
                "desk-2026-000017",
                new Refusal(
                    Refusal.Code.INVALID_ADDRESS,
                    "transfer.to",
                    "address: expected \"0x\" and 40 hex digits, got \"größer\n\""))));
    examples.put(
        "request-refused-long",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.RequestRefused(
                "countersign.v1.SigningService/SignTransaction",
                "desk-2026-000018",
                new Refusal(Refusal.Code.MALFORMED, "", "é".repeat(513)))));
    examples.put(
        "caller-refused",
        AuditRecord.of(
            AT,
            new Actor(Actor.Kind.CLIENT, "unknown", "none"),
            new AuditEvent.CallerRefused("", "no client certificate")));
    examples.put(
        "transaction-signed",
        ofRequest(new AuditEvent.TransactionSigned(CHAIN, new Nonce(17), digest("7a"))));
    examples.put(
        "transaction-broadcast",
        ofRequest(new AuditEvent.TransactionBroadcast(CHAIN, new Nonce(17), digest("7a"))));
    examples.put(
        "transaction-unmined",
        ofRequest(new AuditEvent.TransactionUnmined(CHAIN, new Nonce(17), digest("7a"))));
    examples.put(
        "transaction-confirmed",
        ofRequest(
            new AuditEvent.TransactionConfirmed(
                CHAIN, new Nonce(17), digest("7a"), 20_852_163, digest("b1"), true)));
    examples.put("request-failed", ofRequest(new AuditEvent.RequestFailed("reverted on chain")));
    examples.put(
        "vault-created",
        AuditRecord.of(AT, CLIENT, new AuditEvent.VaultCreated(new VaultId("main"), Tier.HOT)));
    examples.put(
        "key-created",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.KeyCreated(
                new BackendName("softhsm"),
                new KeyId("hot-1"),
                new PublicKey(Bytes.fromHex("0x04" + "5e".repeat(64))))));
    examples.put(
        "wallet-created",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.WalletCreated(
                WALLET, new VaultId("main"), new BackendName("softhsm"), new KeyId("hot-1"))));
    examples.put(
        "policy-activated",
        AuditRecord.of(AT, Actor.system("policy"), new AuditEvent.PolicyActivated(POLICY)));
    examples.put(
        "server-started",
        AuditRecord.of(
            Instant.parse("2026-11-22T18:41:00Z"),
            Actor.system("server"),
            new AuditEvent.ServerStarted("node-1", "0.1.0", digest("c0"))));
    examples.put(
        "server-stopped",
        AuditRecord.of(AT, Actor.system("server"), new AuditEvent.ServerStopped("node-1")));
    examples.put(
        "checkpoint-key-changed",
        AuditRecord.of(
            AT,
            Actor.system("server"),
            new AuditEvent.CheckpointKeyChanged(
                "example.com/custody",
                "example.com/custody+33d7b496+AeHZzl4b6uMQfqhDpbVm0uXP4aEDyQHZ2XPpWMQLXTRi",
                "example.com/custody+5d4dd0a1+AYKk4mrQvK1mG2Ou3gnGqJ8r5Zt0kqH5XUyNVZtUcZDx")));
    examples.put(
        "log-continued",
        AuditRecord.of(
            AT,
            Actor.system("server"),
            new AuditEvent.LogContinued(
                "example.com/custody",
                1234,
                digest("7e"),
                "example.com/custody+33d7b496+AeHZzl4b6uMQfqhDpbVm0uXP4aEDyQHZ2XPpWMQLXTRi")));
    examples.put(
        "entries-archived",
        AuditRecord.of(
            AT,
            new Actor(Actor.Kind.OPERATOR, "audit_owner", "postgresql:scram-sha-256:audit_owner"),
            new AuditEvent.EntriesArchived(25_600, 30_001, digest("a4"))));
    FreezeId freeze = FreezeId.parse("6b1f0000-0000-4000-8000-000000000001");
    examples.put(
        "scope-frozen",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.ScopeFrozen(
                freeze,
                FreezeScope.parse("wallet:hot-1"),
                new FreezeReason("payouts nobody asked for"))));
    examples.put(
        "scope-thawed",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.ScopeThawed(
                freeze, FreezeScope.parse("wallet:hot-1"), List.of("alice", "bob"), digest("7a"))));
    ProposalId proposal = ProposalId.parse("0193576e-7c00-7000-8000-000000000009");
    examples.put(
        "policy-proposed",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.PolicyProposed(
                proposal, POLICY, digest("d0"), digest("5b"), "a new exchange")));
    examples.put(
        "policy-approved",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.PolicyApproved(
                proposal,
                "alice",
                "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                digest("5b"),
                Bytes.fromHex("0x" + "a5".repeat(64)))));
    examples.put(
        "policy-rejected",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.PolicyRejected(
                proposal,
                "bob",
                "p256:A2D+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2",
                digest("5b"),
                Bytes.fromHex("0x" + "b6".repeat(64)),
                "not before the audit")));
    examples.put(
        "policy-proposal-ended",
        AuditRecord.of(
            AT,
            Actor.system("policy"),
            new AuditEvent.PolicyProposalEnded(
                proposal, "it was to follow version 7, version 8 is active")));
    examples.put(
        "balance-unexplained",
        AuditRecord.of(
            AT,
            Actor.system("balances"),
            new AuditEvent.BalanceUnexplained(
                WALLET,
                AssetId.nativeOf(CHAIN),
                BigInteger.TEN.pow(18),
                BigInteger.valueOf(979_000_000_000_000_000L),
                20_852_162,
                20_852_163,
                digest("b1"))));
    examples.put(
        "message-admitted-personal",
        admittedMessage(
            new Intent.PersonalMessage(Bytes.of("log in".getBytes(StandardCharsets.UTF_8)))));
    examples.put(
        "message-admitted-typed",
        admittedMessage(new Intent.TypedData("{\"primaryType\": \"" + "é".repeat(1_000) + "\"}")));
    examples.put(
        "message-signed",
        ofRequest(
            new AuditEvent.MessageSigned(
                CHAIN,
                digest("51"),
                Bytes.fromHex("0x" + "aa".repeat(32) + "3b".repeat(32) + "1b"))));
    examples.put(
        "transaction-replacement-permitted",
        AuditRecord.of(
            AT,
            CLIENT,
            REQUEST,
            DIGEST,
            new AuditEvent.TransactionReplacementPermitted(
                CHAIN,
                new Nonce(17),
                PayloadPurpose.SPEED_UP,
                digest("7a"),
                POLICY,
                "pay-exchanges",
                digest("5e"),
                new Fees(Wei.of(2_200_000_000L), Wei.of(33_000_000_000L), new GasLimit(21_000)),
                new Observed(
                    AssetId.nativeOf(CHAIN),
                    BigInteger.TEN.pow(18),
                    BigInteger.valueOf(693_000_000_000_000L),
                    List.of()))));
    examples.put(
        "transaction-replacement-denied",
        AuditRecord.of(
            AT,
            CLIENT,
            REQUEST,
            DIGEST,
            new AuditEvent.TransactionReplacementDenied(
                CHAIN,
                new Nonce(17),
                PayloadPurpose.CANCELLATION,
                digest("7a"),
                POLICY,
                "frozen",
                "the wallet is frozen")));
    examples.put(
        "transaction-replacement-dropped",
        ofRequest(
            new AuditEvent.TransactionReplacementDropped(
                CHAIN,
                new Nonce(17),
                PayloadPurpose.SPEED_UP,
                digest("5e"),
                "the nonce was mined before it was signed")));
    examples.put(
        "foreign-transaction",
        AuditRecord.of(
            AT,
            Actor.system("tracker"),
            REQUEST,
            DIGEST,
            new AuditEvent.ForeignTransaction(CHAIN, TO, new Nonce(17), 19)));
    examples.put(
        "lane-resumed",
        AuditRecord.of(
            AT, CLIENT, new AuditEvent.LaneResumed(CHAIN, TO, "FOREIGN_USE", new Nonce(19))));
    examples.put(
        "transaction-routed-privately",
        ofRequest(
            new AuditEvent.TransactionRoutedPrivately(
                CHAIN, new Nonce(17), POLICY, List.of("swaps", "large"), OptionalInt.empty())));
    examples.put(
        "transaction-made-public",
        ofRequest(
            new AuditEvent.TransactionMadePublic(
                CHAIN, new Nonce(17), 25, 21_000_000, 21_000_025)));
    examples.put(
        "token-issued",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.TokenIssued(
                "0193576e-7c00-4000-8000-0000000000aa",
                new ClientId("trading-desk"),
                Instant.parse("2027-01-01T00:00:00Z"))));
    examples.put(
        "token-revoked",
        AuditRecord.of(
            AT,
            CLIENT,
            new AuditEvent.TokenRevoked(
                "0193576e-7c00-4000-8000-0000000000aa", new ClientId("trading-desk"))));
    return examples;
  }

  private static AuditRecord admittedMessage(Intent.OfMessage message) {
    return AuditRecord.of(
        AT,
        CLIENT,
        REQUEST,
        DIGEST,
        new AuditEvent.MessageAdmitted(
            WALLET,
            CHAIN,
            message,
            POLICY,
            "logins",
            digest("51"),
            new Observed(AssetId.nativeOf(CHAIN), BigInteger.ZERO, BigInteger.ZERO, List.of())));
  }

  private static AuditRecord admitted(Intent.OfTransaction intent) {
    return AuditRecord.of(
        AT,
        CLIENT,
        REQUEST,
        DIGEST,
        new AuditEvent.RequestAdmitted(
            WALLET,
            CHAIN,
            intent,
            POLICY,
            "small-transfers",
            new Nonce(17),
            digest("51"),
            new Observed(
                asset(intent),
                amount(intent),
                BigInteger.valueOf(630_000_000_000_000L),
                List.of(
                    new LimitUse(
                        "small-transfers/daily " + asset(intent) + " wallet=hot-1",
                        new LimitWindow.Sliding(Duration.ofHours(24)),
                        BigInteger.TEN.pow(78),
                        BigInteger.TWO,
                        BigInteger.TWO.add(amount(intent)))))));
  }

  private static AssetId asset(Intent intent) {
    return intent instanceof Intent.Erc20Transfer transfer
        ? AssetId.erc20(CHAIN, transfer.token())
        : AssetId.nativeOf(CHAIN);
  }

  private static BigInteger amount(Intent intent) {
    return intent instanceof Intent.Erc20Transfer transfer
        ? transfer.value().value()
        : CallEncoder.encode((Intent.OfTransaction) intent).value().value();
  }

  private static AuditRecord denied(int rules) {
    RuleOutcome matched = new RuleOutcome("no-strangers", "DENY", Optional.empty());
    RuleOutcome unmet =
        new RuleOutcome(
            "small-transfers",
            "ALLOW",
            Optional.of(
                new RuleOutcome.UnmetCriterion("maximum", "500000000000", "1000000000000000000")));
    List<RuleOutcome> outcomes =
        IntStream.range(0, rules).mapToObj(i -> i == 0 ? matched : unmet).toList();
    return AuditRecord.of(
        AT,
        CLIENT,
        REQUEST,
        DIGEST,
        new AuditEvent.RequestDenied(
            WALLET, CHAIN, TRANSFER, POLICY, "no-strangers", "destination not listed", outcomes));
  }

  private static AuditRecord ofRequest(AuditEvent event) {
    return AuditRecord.of(AT, Actor.system("pipeline"), REQUEST, DIGEST, event);
  }

  private static Intent.OfTransaction call(int size) {
    byte[] data = new byte[size];
    for (int i = 0; i < size; i++) {
      data[i] = (byte) i;
    }
    return new Intent.ContractCall(TO, Wei.ZERO, Bytes.of(data));
  }

  private static Digest32 digest(String pair) {
    return Digest32.fromHex("0x" + pair.repeat(32));
  }
}
