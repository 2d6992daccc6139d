package dev.countersign.bench;

import dev.countersign.bench.RuleText.Condition;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.model.Tier;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Policies of any size about one request, and what is asked of them: a desk moves ether out of one
/// wallet to an exchange. A handful of rules is about that request, the same ones in every policy;
/// the others name another wallet, other destinations or another initiator.
final class PolicyWorld {
  /// The rule that allows the request.
  static final String ALLOWING = "pay-exchange";

  /// How many rules are about the request: one allows, two demand, three could deny or demand.
  static final int ABOUT = 6;

  /// How many of those make it wait.
  static final int DEMANDING = 2;

  static final String DESK = "desk";
  static final String HOT = "hot-1";

  private static final ChainId CHAIN = ChainId.ofEip155(1);
  private static final Address EXCHANGE =
      Address.parse("0x52908400098527886E0F7030069857D2E4169EE7");
  private static final Address STRANGER =
      Address.parse("0x8617E340B3D1FA5F411F306F4090FD116D649DD7");
  private static final String TRANSFER = "native-transfer";
  private static final long ETHER = 1_000_000_000_000_000_000L;
  private static final long AMOUNT = 2 * ETHER;
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  /// RFC 8032, section 7.1, test 1.
  private static final String HEAD =
      """
      format: countersign/policy/v1
      approvers:
        alice: {keys: ["ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]}
      groups:
        treasury: [alice]
      rules:
      """;

  private static final String APPROVALS = "approvals: {group: treasury, count: 1}";

  private PolicyWorld() {}

  /// @param count at least [#ABOUT]
  static List<RuleText> rules(int count) {
    List<RuleText> rules = new ArrayList<>(about());
    for (int i = rules.size(); i < count; i++) {
      rules.add(elsewhere(i));
    }
    // What is about the request stands in the middle, where a policy that is read from the top
    // finds it after half of the way.
    List<RuleText> turned = new ArrayList<>(rules.subList(count / 2, count));
    turned.addAll(rules.subList(0, count / 2));
    return turned;
  }

  private static List<RuleText> about() {
    List<Address> exchange = List.of(EXCHANGE);
    return List.of(
        allow(ALLOWING, DESK, HOT, exchange),
        new RuleText(
            "not-so-much",
            "DENY",
            List.of(Condition.wallet(HOT), Condition.nativeAsset(), Condition.above(8 * ETHER)),
            ""),
        new RuleText(
            "no-delegate-calls",
            "DENY",
            List.of(Condition.initiator(DESK), Condition.operation("delegate-call")),
            ""),
        new RuleText(
            "treasury-looks",
            "REQUIRE",
            List.of(Condition.wallet(HOT), Condition.nativeAsset(), Condition.above(ETHER)),
            APPROVALS),
        new RuleText(
            "slowly",
            "DELAY",
            List.of(Condition.nativeAsset(), Condition.destinations(exchange)),
            "delay: PT10M"),
        new RuleText(
            "beyond-the-day",
            "REQUIRE",
            List.of(Condition.initiator(DESK), Condition.nativeAsset()),
            "limits: [{name: day, maximum: 900 ether, window: PT24H}], " + APPROVALS));
  }

  /// A rule that cannot match: another wallet, other destinations of the same wallet and desk, or
  /// another initiator.
  private static RuleText elsewhere(int i) {
    List<Address> others = List.of(address(2 * i), address(2 * i + 1));
    return switch (i % 4) {
      case 0 -> allow("allow-" + i, DESK, "wallet-" + i, others);
      case 1 -> allow("allow-" + i, DESK, HOT, others);
      case 2 ->
          new RuleText(
              "deny-" + i,
              "DENY",
              List.of(Condition.initiator("client-" + i), Condition.chain(CHAIN.caip2())),
              "");
      default ->
          new RuleText(
              "require-" + i,
              "REQUIRE",
              List.of(Condition.wallet("wallet-" + i), Condition.operation(TRANSFER)),
              APPROVALS);
    };
  }

  private static RuleText allow(
      String name, String initiator, String wallet, List<Address> destinations) {
    return new RuleText(
        name,
        "ALLOW",
        List.of(
            Condition.initiator(initiator),
            Condition.wallet(wallet),
            Condition.chain(CHAIN.caip2()),
            Condition.operation(TRANSFER),
            Condition.nativeAsset(),
            Condition.destinations(destinations),
            Condition.maximum(5 * ETHER),
            Condition.maximumGasCost(ETHER / 10)),
        "limits: [{name: day, maximum: 200 ether, window: PT24H, per: [wallet]}]");
  }

  private static Address address(int i) {
    return new Address("0x" + "%040x".formatted(0x1000_0000L + i));
  }

  static byte[] yaml(List<RuleText> rules) {
    StringBuilder yaml = new StringBuilder(HEAD);
    rules.forEach(rule -> yaml.append(rule.yaml()));
    return yaml.toString().getBytes(StandardCharsets.UTF_8);
  }

  static PolicyDocument policy(List<RuleText> rules) {
    return switch (PolicyDocumentReader.read(yaml(rules))) {
      case Reading.Valid valid -> valid.document();
      case Reading.Invalid invalid -> throw new IllegalStateException(invalid.text());
    };
  }

  /// What is asked, and the bytes that would be signed for it.
  record Asked(PolicySubject subject, Bytes payload) {
    static Asked toExchange(SigningRequestId request) {
      return to(EXCHANGE, request);
    }

    /// Allowed by no rule.
    static Asked toStranger(SigningRequestId request) {
      return to(STRANGER, request);
    }

    private static Asked to(Address payee, SigningRequestId request) {
      Intent.OfTransaction intent =
          new Intent.NativeTransfer(payee, new Wei(BigInteger.valueOf(AMOUNT)));
      return new Asked(
          new PolicySubject(
              request,
              new IdempotencyKey(new ClientId(DESK), request.toString()),
              new RequestContent(new WalletId(HOT), CHAIN, intent, Optional.empty()),
              wallet(),
              NOON),
          UnsignedTransaction.of(
                  CHAIN,
                  new Nonce(7),
                  new Fees(Wei.of(1), Wei.of(30_000_000_000L), new GasLimit(21_000)),
                  intent)
              .encode());
    }
  }

  static SigningRequestId request(long number) {
    return new SigningRequestId(new UUID(0x7000L, Long.MIN_VALUE | number));
  }

  private static Wallet wallet() {
    byte[] point = new byte[65];
    Arrays.fill(point, (byte) 7);
    point[0] = 4;
    return new Wallet(
        new WalletId(HOT),
        new VaultId("treasury"),
        Tier.HOT,
        HOT,
        new BackendName("softhsm"),
        new KeyId("hot-1-key"),
        new PublicKey(Bytes.of(point)));
  }
}
