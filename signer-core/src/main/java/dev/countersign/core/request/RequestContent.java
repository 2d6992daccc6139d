package dev.countersign.core.request;

import dev.countersign.core.action.CallUnpacker;
import dev.countersign.core.action.SignableMessage;
import dev.countersign.core.action.Unpacking;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.EnvelopeCodec;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.WalletId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// All that a client says about a request, and nothing else.
///
/// @param feeChoice what the client says about fees. Nothing of a message
/// @param envelope the type of transaction that the client insists on; without it that of the
/// chain. None of a message
public record RequestContent(
    WalletId wallet,
    ChainId chain,
    Intent intent,
    FeeChoice feeChoice,
    Optional<Envelope> envelope) {

  public RequestContent {
    if (intent instanceof Intent.OfMessage
        && (!feeChoice.equals(FeeChoice.ByMarket.UNSAID) || envelope.isPresent())) {
      throw new IllegalArgumentException("a message costs no fees, and is no transaction");
    }
    boolean creates = intent instanceof Intent.ContractCreation;
    if (creates && envelope.isPresent() && !envelope.get().mayCreate()) {
      throw InvalidValueException.of(
          "type of transaction", envelope.get().type().text(), "one that creates contracts");
    }
  }

  /// With the fees that the client insists on, or else by the chain's own strategy.
  public RequestContent(
      WalletId wallet,
      ChainId chain,
      Intent intent,
      Optional<Fees> fees,
      Optional<Envelope> envelope) {
    this(wallet, chain, intent, FeeChoice.of(fees), envelope);
  }

  /// In the type of transaction that is the chain's.
  public RequestContent(WalletId wallet, ChainId chain, Intent intent, Optional<Fees> fees) {
    this(wallet, chain, intent, fees, Optional.empty());
  }

  /// Of what is a message, which has no fees.
  public static RequestContent ofMessage(WalletId wallet, ChainId chain, Intent.OfMessage message) {
    return new RequestContent(wallet, chain, message, Optional.empty());
  }

  /// The fees the client insists on, where it does.
  public Optional<Fees> fees() {
    return feeChoice.exact();
  }

  /// Whether it is a message, and no transaction.
  public boolean isMessage() {
    return intent instanceof Intent.OfMessage;
  }

  /// All that it comes to when `account` signs it.
  public Unpacking unpacking(Address account) {
    return switch (intent) {
      case Intent.OfTransaction transaction ->
          CallUnpacker.unpack(
              CallEncoder.encode(transaction), envelope.orElse(Envelope.FeeMarket.PLAIN), account);
      case Intent.OfMessage message -> SignableMessage.read(message, account).unpacking();
    };
  }

  /// What idempotency compares and audit entries name: the Keccak-256 of one text line per field.
  /// No field can hold a line feed, so no two contents share a text.
  public Digest32 digest(IdempotencyKey key) {
    String text =
        String.join(
            "\n",
            "countersign/request/v1",
            key.client().value(),
            key.requestId(),
            wallet.value(),
            chain.caip2(),
            switch (intent) {
              case Intent.OfTransaction transaction -> lines(transaction);
              case Intent.PersonalMessage(Bytes message) -> "personal-message\n" + message.hex();
              case Intent.TypedData(String json) ->
                  "typed-data\n" + Bytes.of(json.getBytes(StandardCharsets.UTF_8)).hex();
            });
    return Keccak.hash(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String lines(Intent.OfTransaction transaction) {
    CallEncoder.Call call = CallEncoder.encode(transaction);
    return String.join(
        "\n",
        call.toText(),
        call.value().toString(),
        call.data().hex(),
        feeChoice.text()
            // Only where there is one: what was stored before there were any keeps its digest.
            + envelope.map(type -> "\n" + EnvelopeCodec.encode(type).hex()).orElse(""));
  }
}
