package dev.countersign.server.jsonrpc;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.request.RequestContent;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// `personal_sign` and `eth_signTypedData_v4`: the whole way of a request.
final class MessageSigning {
  static final String PERSONAL = "personal_sign";
  static final String TYPED_DATA = "eth_signTypedData_v4";

  private final WalletAccounts accounts;
  private final Submitting submitting;

  MessageSigning(WalletAccounts accounts, Submitting submitting) {
    this.accounts = accounts;
    this.submitting = submitting;
  }

  /// `[message, address]`; a third parameter, a password in other nodes, is left alone.
  JsonNode personal(RpcCallContext call, Params params) {
    var message = params.bytes(0, "the message in hex");
    return sign(call, PERSONAL, params.address(1), () -> new Intent.PersonalMessage(message));
  }

  /// `[address, data]`, the data as JSON or as text that is JSON.
  JsonNode typedData(RpcCallContext call, Params params) {
    Address signer = params.address(0);
    JsonNode data = params.at(1, "typed data");
    String json = data.isString() ? data.stringValue() : data.toString();
    return sign(call, TYPED_DATA, signer, () -> new Intent.TypedData(json));
  }

  private JsonNode sign(
      RpcCallContext call, String method, Address signer, Supplier<Intent.OfMessage> message) {
    try {
      RequestContent content =
          RequestContent.ofMessage(accounts.of(signer).id(), call.chain(), message.get());
      return submitting.submit(call, method, content, () -> content);
    } catch (InvalidValueException e) {
      throw Params.wrong(String.valueOf(e.getMessage()));
    }
  }
}
