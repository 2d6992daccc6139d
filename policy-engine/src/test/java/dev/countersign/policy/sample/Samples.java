package dev.countersign.policy.sample;

import dev.countersign.core.action.CallUnpacker;
import dev.countersign.core.action.Unpacking;
import dev.countersign.core.evm.TransactionDecoder;
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
import dev.countersign.core.model.TokenAmount;
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
import dev.countersign.policy.rule.GasTerms;
import dev.countersign.policy.rule.JudgedAction;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/// Who asks for what.
public final class Samples {
  public static final ChainId MAINNET = ChainId.ofEip155(1);
  public static final Address ALICE = Address.parse("0x52908400098527886E0F7030069857D2E4169EE7");
  public static final Address BOB = Address.parse("0x8617E340B3D1FA5F411F306F4090FD116D649DD7");
  public static final Address USDC = Address.parse("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
  public static final BigInteger ETHER = BigInteger.TEN.pow(18);
  public static final Fees FEES = new Fees(Wei.of(1), Wei.of(30), new GasLimit(21_000));
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  private Samples() {}

  public static PolicySubject subject(String client, String wallet) {
    return subject(new SigningRequestId(new UUID(7, 7)), client, wallet, MAINNET);
  }

  public static PolicySubject subject(
      SigningRequestId request, String client, String wallet, ChainId chain) {
    return subject(request, client, wallet, chain, pay(ALICE, BigInteger.ONE));
  }

  /// @param asked what was asked for
  public static PolicySubject subject(
      SigningRequestId request,
      String client,
      String wallet,
      ChainId chain,
      Intent.OfTransaction asked) {
    return new PolicySubject(
        request,
        new IdempotencyKey(new ClientId(client), request.toString()),
        new RequestContent(new WalletId(wallet), chain, asked, Optional.empty()),
        wallet(wallet),
        NOON);
  }

  public static Wallet wallet(String id) {
    byte[] point = new byte[65];
    Arrays.fill(point, (byte) 7);
    point[0] = 4;
    return new Wallet(
        new WalletId(id),
        new VaultId("treasury"),
        Tier.HOT,
        id,
        new BackendName("softhsm"),
        new KeyId(id + "-key"),
        new PublicKey(Bytes.of(point)));
  }

  public static Intent.OfTransaction pay(Address to, BigInteger wei) {
    return new Intent.NativeTransfer(to, new Wei(wei));
  }

  public static Intent.OfTransaction payToken(Address token, Address to, BigInteger amount) {
    return new Intent.Erc20Transfer(token, to, new TokenAmount(amount));
  }

  public static Intent.OfTransaction call(Address to, String data) {
    return new Intent.ContractCall(to, Wei.ZERO, Bytes.fromHex(data));
  }

  public static Bytes payload(Intent.OfTransaction intent) {
    return payload(MAINNET, intent);
  }

  public static Bytes payload(ChainId chain, Intent.OfTransaction intent) {
    return unsigned(chain, FEES, intent).encode();
  }

  public static UnsignedTransaction unsigned(
      ChainId chain, Fees fees, Intent.OfTransaction intent) {
    return UnsignedTransaction.of(chain, new Nonce(3), fees, intent);
  }

  /// Who is paid by these bytes, if they are a transaction.
  public static Optional<Address> payee(Bytes payload) {
    return switch (TransactionDecoder.decode(payload)) {
      case TransactionDecoder.Outcome.Decoded decoded -> decoded.transaction().call().to();
      case TransactionDecoder.Outcome.Undecodable undecodable -> Optional.empty();
    };
  }

  public static JudgedAction judged(Intent.OfTransaction intent) {
    return judged(subject("desk", "hot-1"), intent);
  }

  public static JudgedAction judged(PolicySubject subject, Intent.OfTransaction intent) {
    return judged(subject, FEES, intent);
  }

  /// What the payload itself does.
  public static JudgedAction judged(PolicySubject subject, Fees fees, Intent.OfTransaction intent) {
    UnsignedTransaction transaction = unsigned(subject.chain(), fees, intent);
    var unpacked =
        (Unpacking.Unpacked) CallUnpacker.unpack(transaction.call(), subject.wallet().address());
    return JudgedAction.of(
        subject, unpacked.actions().getFirst(), Optional.of(GasTerms.of(transaction)));
  }

  /// A policy that must be right.
  public static PolicyDocument policy(String yaml) {
    return switch (PolicyDocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8))) {
      case Reading.Valid valid -> valid.document();
      case Reading.Invalid invalid -> throw new AssertionError(invalid.text());
    };
  }

  /// What is wrong with a policy that must be wrong; one line for each problem.
  public static String problems(String yaml) {
    return switch (PolicyDocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8))) {
      case Reading.Valid valid -> throw new AssertionError("this policy was taken:\n" + yaml);
      case Reading.Invalid invalid -> invalid.text();
    };
  }

  /// A policy of one rule that allows, with `key: value` in place of what the rule says otherwise.
  public static String allowing(String... overrides) {
    StringBuilder rule = new StringBuilder("format: countersign/policy/v1\nrules:\n");
    rule.append("  - name: pay\n    effect: ALLOW\n");
    String[][] usual = {
      {"initiators", "[desk]"},
      {"wallets", "[hot-1]"},
      {"chains", "['eip155:1']"},
      {"operations", "[native-transfer]"},
      {"assets", "[native]"},
      {"destinations", "any"},
      {"maximumGasCost", "any"}
    };
    for (String[] field : usual) {
      boolean overridden =
          Arrays.stream(overrides).anyMatch(line -> line.startsWith(field[0] + ":"));
      if (!overridden) {
        rule.append("    ").append(field[0]).append(": ").append(field[1]).append('\n');
      }
    }
    for (String line : overrides) {
      rule.append(line.indent(4));
    }
    return rule.toString();
  }
}
