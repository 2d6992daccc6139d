package dev.countersign.cli.approval;

import dev.countersign.api.v1.PendingApproval;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.request.FeeWords;
import dev.countersign.core.action.Unpacking;
import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.approval.ApprovalTerms;
import dev.countersign.core.approval.HiddenRoute;
import dev.countersign.core.approval.Quorum;
import dev.countersign.core.evm.CallDecoder;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.EnvelopeCodec;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.SigningRequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a server says of a request, and the statement that was made of it here.
///
/// @param content what is asked for, with all of its data
record ReceivedApproval(
    PendingApproval message, ApprovalStatement statement, RequestContent content) {

  Intent intent() {
    return content.intent();
  }

  /// All that it does, read here.
  Unpacking unpacking() {
    return content.unpacking(statement.subject().account());
  }

  /// Makes the statement from the request's own fields, and holds the server's against it.
  ///
  /// @param asked the request that was asked for
  /// @throws CommandException when the server's statement is another, or it sent another request
  static ReceivedApproval of(SigningRequestId asked, PendingApproval message) {
    ReceivedApproval received;
    try {
      received = read(message);
    } catch (InvalidValueException | ArithmeticException e) {
      throw CommandException.no(
          "the server describes a request that cannot be: %s\n  nothing was signed"
              .formatted(e.getMessage()));
    }
    if (!received.statement.request().equals(asked)) {
      throw CommandException.no(
          "the server answers with another request: expected %s, got %s\n  nothing was signed"
              .formatted(asked, received.statement.request()));
    }
    received.compare(message.getStatement());
    return received;
  }

  private static ReceivedApproval read(PendingApproval message) {
    Intent intent = intent(message);
    RequestContent content =
        new RequestContent(
            new WalletId(message.getWallet()),
            new ChainId(message.getChain()),
            intent,
            intent instanceof Intent.OfMessage ? FeeChoice.ByMarket.UNSAID : fees(message),
            intent instanceof Intent.OfMessage ? Optional.empty() : envelope(message));
    ApprovalStatement statement =
        ApprovalStatement.of(
            SigningRequestId.parse(message.getRequest()),
            new IdempotencyKey(new ClientId(message.getClient()), message.getRequestId()),
            content,
            Address.parse(message.getAccount()),
            intent instanceof Intent.OfMessage ? Wei.ZERO : Wei.parse(message.getMaximumGasCost()),
            terms(message));
    return new ReceivedApproval(message, statement, content);
  }

  private static Optional<Envelope> envelope(PendingApproval message) {
    return message.getEnvelope().isEmpty()
        ? Optional.empty()
        : Optional.of(EnvelopeCodec.decode(Bytes.of(message.getEnvelope().toByteArray())));
  }

  private static Intent intent(PendingApproval message) {
    return switch (message.getMessageCase()) {
      case PERSONAL_MESSAGE ->
          new Intent.PersonalMessage(Bytes.of(message.getPersonalMessage().toByteArray()));
      case TYPED_DATA -> new Intent.TypedData(message.getTypedData());
      case MESSAGE_NOT_SET ->
          CallDecoder.decode(
              new CallEncoder.Call(
                  message.getTo().isEmpty()
                      ? Optional.empty()
                      : Optional.of(Address.parse(message.getTo())),
                  Wei.parse(message.getValue()),
                  Bytes.of(message.getData().toByteArray())));
    };
  }

  private static FeeChoice fees(PendingApproval message) {
    if (message.hasMarketFees()) {
      return FeeWords.read(message.getMarketFees());
    }
    return message.hasFees()
        ? new FeeChoice.Exact(
            new Fees(
                Wei.parse(message.getFees().getMaxPriorityFeePerGas()),
                Wei.parse(message.getFees().getMaxFeePerGas()),
                new GasLimit(message.getFees().getGasLimit())))
        : FeeChoice.ByMarket.UNSAID;
  }

  private static ApprovalTerms terms(PendingApproval message) {
    return new ApprovalTerms(
            message.getPolicyVersion(),
            Digest32.fromHex(message.getPolicyHash()),
            message.getRulesList(),
            Quorum.parse(message.getQuorum()),
            Duration.ofSeconds(message.getDelay().getSeconds(), message.getDelay().getNanos()),
            instant(message.getAskTime()),
            instant(message.getExpireTime()))
        .by(
            Optional.of(message.getRoute())
                .filter(route -> !route.isEmpty())
                .map(HiddenRoute::parse));
  }

  private static Instant instant(com.google.protobuf.Timestamp time) {
    try {
      return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    } catch (java.time.DateTimeException e) {
      throw InvalidValueException.of("time", Long.toString(time.getSeconds()), "a time");
    }
  }

  private void compare(String theirs) {
    String ours = statement.text();
    if (ours.equals(theirs)) {
      return;
    }
    List<String> here = List.of(ours.split("\n", -1));
    List<String> there = List.of(theirs.split("\n", -1));
    var differences = new StringBuilder();
    for (int i = 0; i < Math.max(here.size(), Math.min(there.size(), here.size() + 1)); i++) {
      if (!lineOf(here, i).equals(lineOf(there, i))) {
        differences.append(
            "\n  line %d\n    made here:    %s\n    the server's: %s"
                .formatted(i + 1, lineOf(here, i), lineOf(there, i)));
      }
    }
    throw CommandException.no(
        "the server's statement is not that of the request it describes:"
            + differences
            + "\n  nothing was signed; somebody may be showing another request than the one that"
            + " would be approved");
  }

  private static String lineOf(List<String> lines, int line) {
    return line < lines.size() ? lines.get(line) : "(nothing)";
  }
}
