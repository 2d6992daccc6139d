package dev.countersign.cli.request;

import dev.countersign.api.v1.Decision;
import dev.countersign.api.v1.PrivateRelay;
import dev.countersign.api.v1.RuleOutcome;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.TransactionAttempt;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogWords;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// A request in words.
public final class RequestText {
  private static final int LABEL_WIDTH = 12;

  private RequestText() {}

  /// {@return the lines to show}
  public static List<String> describe(SigningRequest request) {
    var lines = new ArrayList<String>();
    lines.add(line("request", request.getId()));
    lines.add(line("request id", request.getRequestId()));
    lines.add(line("state", state(request.getState())));
    lines.add(line("wallet", request.getWallet() + " on " + request.getChain()));
    lines.add(line("asks for", intent(request)));
    if (request.hasMarketFees()) {
      lines.add(line("fees", FeeWords.shown(request.getMarketFees())));
    }
    if (request.hasDecision()) {
      lines.addAll(decision(request.getDecision()));
    }
    if (request.hasNonce()) {
      lines.add(line("nonce", Long.toUnsignedString(request.getNonce())));
    }
    if (!request.getTransactionHash().isEmpty()) {
      lines.add(line("transaction", request.getTransactionHash()));
    }
    if (!request.getSignature().isEmpty()) {
      lines.add(
          line("signature", "0x" + HexFormat.of().formatHex(request.getSignature().toByteArray())));
    }
    if (request.getAttemptsCount() > 1) {
      request.getAttemptsList().forEach(attempt -> lines.add(line("attempt", attempt(attempt))));
    }
    if (request.hasPrivateRelay()) {
      lines.add(line("relay", relay(request.getPrivateRelay())));
    }
    if (request.hasInclusion()) {
      var inclusion = request.getInclusion();
      lines.add(
          line(
              "block",
              Long.toUnsignedString(inclusion.getBlockNumber())
                  + (inclusion.getSucceeded() ? "" : ", reverted")));
    }
    if (!request.getFailure().isEmpty()) {
      lines.add(line("failure", request.getFailure()));
    }
    return lines;
  }

  private static String relay(PrivateRelay relay) {
    var since =
        relay.hasSinceBlock()
            ? "private since block " + Long.toUnsignedString(relay.getSinceBlock())
            : "private, not given to the relay yet";
    if (relay.hasPublicAtBlock()) {
      return since + ", public since block " + Long.toUnsignedString(relay.getPublicAtBlock());
    }
    return since
        + (relay.getPublicAfterBlocks() == 0
            ? ", never public"
            : ", public after " + Long.toUnsignedString(relay.getPublicAfterBlocks()) + " blocks");
  }

  private static String attempt(TransactionAttempt attempt) {
    var purpose =
        switch (attempt.getPurpose()) {
          case PURPOSE_ORIGINAL -> "original";
          case PURPOSE_SPEED_UP -> "speed-up";
          case PURPOSE_CANCELLATION -> "cancellation";
          case PURPOSE_UNSPECIFIED, UNRECOGNIZED -> "something this version does not know";
        };
    return "%s, %s, at most %s wei per gas, tip %s%s"
        .formatted(
            attempt.getHash().isEmpty() ? "not signed yet" : attempt.getHash(),
            purpose,
            attempt.getMaxFeePerGas(),
            attempt.getMaxPriorityFeePerGas(),
            attempt.getMined() ? ", mined" : "");
  }

  /// {@return the lines about a decision: rule, reason, and why the others did not match}
  static List<String> decision(Decision decision) {
    var lines = new ArrayList<String>();
    lines.add(
        line("policy", "version " + decision.getPolicyVersion() + ", rule " + decision.getRule()));
    if (!decision.getReason().isEmpty()) {
      lines.add(line("reason", decision.getReason()));
    }
    decision.getOutcomesList().stream()
        .filter(outcome -> !outcome.getMatched())
        .forEach(outcome -> lines.add(line("unmet", unmet(outcome))));
    return lines;
  }

  /// {@return why a rule did not match, in one line}
  public static String unmet(RuleOutcome outcome) {
    if (!outcome.hasUnmet()) {
      return outcome.getRule();
    }
    var unmet = outcome.getUnmet();
    return outcome.getRule()
        + ": "
        + unmet.getCriterion()
        + " expected "
        + unmet.getExpected()
        + ", observed "
        + unmet.getObserved();
  }

  /// {@return what is asked for}
  public static String intent(SigningRequest request) {
    return switch (request.getTransactionCase()) {
      case NATIVE_TRANSFER ->
          "transfer of "
              + Amount.inEther(request.getNativeTransfer().getAmount())
              + " ether to "
              + request.getNativeTransfer().getTo();
      case ERC20_TRANSFER ->
          "transfer of "
              + request.getErc20Transfer().getAmount()
              + " units of token "
              + request.getErc20Transfer().getToken()
              + " to "
              + request.getErc20Transfer().getTo();
      case CONTRACT_CALL ->
          "call of "
              + request.getContractCall().getTo()
              + " with "
              + request.getContractCall().getData().size()
              + " bytes";
      case CONTRACT_CREATION ->
          "creation of a contract from "
              + request.getContractCreation().getInitCode().size()
              + " bytes";
      case PERSONAL_MESSAGE ->
          "signature of a text of "
              + request.getPersonalMessage().getMessage().size()
              + " bytes: "
              + LogWords.lines(request.getPersonalMessage().getMessage().toStringUtf8());
      case TYPED_DATA ->
          "signature of typed data: " + LogWords.lines(request.getTypedData().getJson());
      case TRANSACTION_NOT_SET -> "nothing this version knows";
    };
  }

  /// {@return the state's name as the documentation has it}
  public static String state(SigningRequest.State state) {
    var name = state.name();
    return (name.startsWith("STATE_") ? name.substring("STATE_".length()) : name)
        .toUpperCase(Locale.ROOT);
  }

  /// {@return the exit code that tells a script how the request stands}
  static int exitCode(SigningRequest request) {
    return switch (request.getState()) {
      case STATE_DENIED,
          STATE_REJECTED,
          STATE_EXPIRED,
          STATE_CANCELLED,
          STATE_FAILED,
          STATE_REPLACED,
          STATE_DROPPED ->
          ExitCode.NO;
      case STATE_UNSPECIFIED,
          STATE_RECEIVED,
          STATE_PENDING_APPROVAL,
          STATE_TIME_LOCKED,
          STATE_ADMITTED,
          STATE_SIGNED,
          STATE_BROADCAST,
          STATE_CONFIRMED,
          UNRECOGNIZED ->
          ExitCode.OK;
    };
  }

  static String line(String label, String value) {
    return String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s %s", label, value);
  }
}
