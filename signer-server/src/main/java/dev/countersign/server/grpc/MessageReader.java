package dev.countersign.server.grpc;

import dev.countersign.api.v1.SignMessageRequest;
import dev.countersign.api.v1.SignTypedDataRequest;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.pipeline.Submission;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.core.request.RequestContent;
import dev.countersign.server.access.Caller;
import java.util.Optional;
import java.util.function.Supplier;

/// From a message that is to be signed to a submission, every field checked.
final class MessageReader {
  private final FieldReader fields;
  private final String requestId;
  private final Caller caller;

  private MessageReader(String requestId, Caller caller) {
    this.fields = new FieldReader(requestId);
    this.requestId = requestId;
    this.caller = caller;
  }

  /// @throws RefusedException that names the first field that is wrong
  static Submission read(SignMessageRequest request, Caller caller) {
    return new MessageReader(request.getRequestId(), caller)
        .submission(
            request.getWallet(),
            request.getChain(),
            "message",
            () -> new Intent.PersonalMessage(Bytes.of(request.getMessage().toByteArray())));
  }

  /// @throws RefusedException that names the first field that is wrong
  static Submission read(SignTypedDataRequest request, Caller caller) {
    return new MessageReader(request.getRequestId(), caller)
        .submission(
            request.getWallet(),
            request.getChain(),
            "typed_data",
            () -> new Intent.TypedData(request.getTypedData()));
  }

  private Submission submission(
      String wallet, String chain, String field, Supplier<Intent.OfMessage> message) {
    IdempotencyKey key =
        fields.read(
            "request_id", Code.MALFORMED, requestId, id -> new IdempotencyKey(caller.id(), id));
    return new Submission(
        key,
        RequestContent.ofMessage(
            fields.read("wallet", Code.MALFORMED, wallet, WalletId::new),
            fields.read("chain", Code.MALFORMED, chain, ChainId::new),
            fields.check(field, Code.INVALID_MESSAGE, message)),
        caller.actor(),
        Optional.of(caller.origin()));
  }
}
