package dev.countersign.core.approval;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.util.Optional;

/// What an approver agrees or disagrees with, byte for byte; docs/APPROVALS.md has its form.
/// Whoever has the request makes the same bytes, so nobody has to believe what a screen shows.
///
/// @param key who asked, under which name
/// @param requestDigest of the client's own words, see [RequestContent#digest]
public record ApprovalStatement(
    SigningRequestId request,
    IdempotencyKey key,
    Digest32 requestDigest,
    ApprovedSubject subject,
    ApprovalTerms terms)
    implements Approvable {
  /// The first line: what the bytes are, so that they are never taken for anything else. A
  /// transaction.
  public static final String FORMAT = "countersign/approval/v1";

  /// The first line of one about a message.
  public static final String MESSAGE_FORMAT = "countersign/message-approval/v1";

  /// The statement about a request.
  ///
  /// @param account the wallet's account
  /// @param maximumGasCost the most that gas may cost when it is signed, in wei; of no meaning for
  /// a message
  public static ApprovalStatement of(
      SigningRequestId request,
      IdempotencyKey key,
      RequestContent content,
      Address account,
      Wei maximumGasCost,
      ApprovalTerms terms) {
    return new ApprovalStatement(
        request,
        key,
        content.digest(key),
        switch (content.intent()) {
          case Intent.OfTransaction transaction ->
              ApprovedTransaction.of(
                  content.wallet(),
                  account,
                  content.chain(),
                  CallEncoder.encode(transaction),
                  content.envelope(),
                  content.feeChoice(),
                  maximumGasCost);
          case Intent.OfMessage message ->
              ApprovedMessage.of(content.wallet(), account, content.chain(), message);
        },
        terms);
  }

  /// Reads [#bytes], and nothing that is not exactly what it gives.
  ///
  /// @throws InvalidValueException that names the line
  public static ApprovalStatement parse(Bytes bytes) {
    return StatementText.parse(bytes);
  }

  /// Lines of ASCII, each `name value` and a line feed.
  @Override
  public String text() {
    return StatementText.of(this);
  }

  @Override
  public Quorum quorum() {
    return terms.quorum();
  }

  @Override
  public Instant expires() {
    return terms.expires();
  }

  @Override
  public Optional<ClientId> initiator() {
    return Optional.of(key.client());
  }
}
