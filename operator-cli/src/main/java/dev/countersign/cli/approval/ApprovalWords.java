package dev.countersign.cli.approval;

import dev.countersign.api.v1.GivenApproval;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.request.FeeWords;
import dev.countersign.core.action.Action;
import dev.countersign.core.action.Deed;
import dev.countersign.core.action.Unpacking;
import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.approval.ApprovalTerms;
import dev.countersign.core.approval.ApprovedMessage;
import dev.countersign.core.approval.ApprovedSubject;
import dev.countersign.core.approval.ApprovedTransaction;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A request in words, made from its bytes.
final class ApprovalWords {
  private static final int LABEL_WIDTH = 12;

  private final ReceivedApproval received;
  private final Unpacking unpacking;

  ApprovalWords(ReceivedApproval received) {
    this.received = received;
    this.unpacking = received.unpacking();
  }

  /// @throws CommandException when what it does is not as it should be: nobody should approve it
  void requireReadable() {
    if (unpacking instanceof Unpacking.Opaque opaque) {
      throw CommandException.no(
          "what it does cannot be told, so it is not for approval: "
              + opaque.reason()
              + "\n  nothing was signed; countersign reject refuses it");
    }
  }

  List<String> lines() {
    ApprovalStatement statement = received.statement();
    ApprovedSubject subject = statement.subject();
    ApprovalTerms terms = statement.terms();
    var lines = new ArrayList<String>();
    lines.add(line("request", statement.request().toString()));
    lines.add(
        line(
            "asked by",
            "%s as %s, %s"
                .formatted(statement.key().client(), statement.key().requestId(), terms.asked())));
    lines.add(
        line(
            "wallet",
            "%s on %s, account %s"
                .formatted(subject.wallet(), subject.chain(), subject.account())));
    switch (received.intent()) {
      case Intent.OfTransaction transaction -> lines.add(sends(transaction));
      case Intent.PersonalMessage(Bytes message) -> lines.addAll(MessageWords.personal(message));
      case Intent.TypedData(String json) -> lines.addAll(MessageWords.typed(json));
    }
    received
        .content()
        .envelope()
        .ifPresent(envelope -> lines.add(line("type", EnvelopeWords.of(envelope))));
    received
        .content()
        .feeChoice()
        .byMarket()
        .ifPresent(fees -> lines.add(line("fees", FeeWords.of(fees))));
    lines.addAll(actions());
    switch (subject) {
      case ApprovedTransaction transaction ->
          lines.add(line("gas", "at most " + DeedWords.ether(transaction.maximumGasCost())));
      case ApprovedMessage message -> lines.add(line("signs", message.signingDigest().hex()));
    }
    lines.add(
        line(
            "policy",
            "version %d (sha256 %s), rules %s"
                .formatted(
                    received.message().getPolicyVersion(),
                    received.message().getPolicyHash(),
                    String.join(", ", terms.rules()))));
    lines.add(line("needs", terms.quorum().words()));
    received.message().getGivenList().forEach(given -> lines.add(line("", given(given))));
    terms.route().ifPresent(route -> lines.add(line("route", route.words())));
    if (!terms.delay().isZero()) {
      lines.add(line("delay", terms.delay() + " after it is approved"));
    }
    lines.add(line("expires", terms.expires().toString()));
    lines.add(line("statement", "sha256 " + statement.digest()));
    return lines;
  }

  private static String given(GivenApproval given) {
    String decided =
        given.getDecision() == GivenApproval.Decision.DECISION_REJECT ? "rejected" : "approved";
    String reason = given.getReason().isEmpty() ? "" : ": " + given.getReason();
    return LogWords.lines(
        "the server says that %s %s%s".formatted(given.getApprover(), decided, reason));
  }

  private List<String> actions() {
    var lines = new ArrayList<String>();
    switch (unpacking) {
      case Unpacking.Unpacked unpacked -> lines.addAll(does(unpacked.actions()));
      case Unpacking.Opaque opaque ->
          lines.add(line("WARNING", "what it does cannot be told: " + opaque.reason()));
    }
    return lines;
  }

  private static String sends(Intent.OfTransaction transaction) {
    CallEncoder.Call call = CallEncoder.encode(transaction);
    return line(
        "sends",
        "%s to %s, with %s of %s"
            .formatted(
                DeedWords.ether(call.value()),
                call.to().map(Object::toString).orElse("a new contract"),
                DeedWords.size(call.data()),
                call.to().isPresent() ? "call data" : "init code"));
  }

  private List<String> does(List<Action> actions) {
    var lines = new ArrayList<String>();
    for (Action action : actions) {
      String place = action.isRoot() ? "" : action.pathText() + " ";
      String actor =
          action.account().equals(received.statement().subject().account())
              ? ""
              : action.account() + ": ";
      lines.add(line("does", place + actor + DeedWords.of(action.deed())));
      if (isUndecoded(action, actions)) {
        lines.add(line("WARNING", "the call data is not decoded: nobody here knows what it does"));
        lines.add(line("", dataOf(action)));
      }
    }
    return lines;
  }

  /// A call is understood when what it carries stands below it.
  private static boolean isUndecoded(Action action, List<Action> all) {
    return action.deed() instanceof Deed.ContractCall
        && all.stream()
            .noneMatch(
                other ->
                    other.path().size() > action.path().size()
                        && other.path().subList(0, action.path().size()).equals(action.path()));
  }

  private static String dataOf(Action action) {
    return action.deed() instanceof Deed.ContractCall call ? call.data().hex() : "";
  }

  static String line(String label, String value) {
    return String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s %s", label, value);
  }
}
