package dev.countersign.server.jsonrpc;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.port.PayloadLedger;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Every method there is. What is in no list is refused.
final class RpcMethods {
  static final String GET_REQUEST = "countersign_getRequest";
  private static final Set<String> MAKING_REQUESTS =
      Set.of(Sending.METHOD, MessageSigning.PERSONAL, MessageSigning.TYPED_DATA);

  private final WalletAccounts accounts;
  private final Sending sending;
  private final MessageSigning messages;
  private final RequestLedger requests;
  private final PayloadLedger payloads;
  private final PassThrough nodes;
  private final String version;

  RpcMethods(
      WalletAccounts accounts,
      Sending sending,
      MessageSigning messages,
      RequestLedger requests,
      PayloadLedger payloads,
      PassThrough nodes,
      String version) {
    this.accounts = accounts;
    this.sending = sending;
    this.messages = messages;
    this.requests = requests;
    this.payloads = payloads;
    this.nodes = nodes;
    this.version = version;
  }

  /// Whether a call of the method is for a request of its own, with a name of its own.
  static boolean makesRequest(String method) {
    return MAKING_REQUESTS.contains(method);
  }

  /// @throws RpcException with the error to answer
  JsonNode call(RpcCallContext call, String method, Optional<JsonNode> parameters) {
    Params params = Params.of(method, parameters);
    return switch (method) {
      case "eth_accounts", "eth_requestAccounts" -> addresses();
      case "eth_chainId" -> text("0x" + Long.toHexString(call.chain().eip155()));
      case "net_version" -> text(Long.toString(call.chain().eip155()));
      case "web3_clientVersion" -> text("Countersign/" + version);
      case "health_status" -> JsonNodeFactory.instance.objectNode().put("status", "UP");
      case Sending.METHOD -> sending.send(call, params);
      case MessageSigning.PERSONAL -> messages.personal(call, params);
      case MessageSigning.TYPED_DATA -> messages.typedData(call, params);
      case GET_REQUEST -> request(call, params.text(0, "the id of a request, or its name"));
      case "eth_signTransaction" ->
          throw notSupported(
              method,
              "a transaction that is signed and not sent keeps its nonce, and all that come after"
                  + " it, waiting; use eth_sendTransaction");
      case "eth_sendRawTransaction" ->
          throw notSupported(method, "what is sent here is signed here; use eth_sendTransaction");
      case "eth_sign" ->
          throw notSupported(
              method,
              "nodes differ in what it signs, and some sign a bare digest; use personal_sign or"
                  + " eth_signTypedData_v4");
      case "eth_signTypedData", "eth_signTypedData_v1", "eth_signTypedData_v3" ->
          throw notSupported(method, "use eth_signTypedData_v4");
      default -> {
        if (!PassThrough.isAllowed(method)) {
          throw RpcError.of(
                  RpcError.METHOD_NOT_FOUND, method + " is not among the methods served here")
              .thrown();
        }
        yield nodes.call(call.caller().id(), call.chain(), method, params);
      }
    };
  }

  private ArrayNode addresses() {
    ArrayNode addresses = JsonNodeFactory.instance.arrayNode();
    accounts.all().forEach(wallet -> addresses.add(wallet.address().checksummed()));
    return addresses;
  }

  /// A client sees its own requests only, on whatever chain.
  private JsonNode request(RpcCallContext call, String name) {
    return find(call, name)
        .filter(request -> request.key().client().equals(call.caller().id()))
        .map(
            request ->
                RequestAnswers.describe(
                    request, request.transactionHash().flatMap(_ -> payloads.find(request.id()))))
        .orElseThrow(
            () ->
                Params.wrong(
                    "client %s has no request \"%s\"".formatted(call.caller().id(), name)));
  }

  private Optional<SigningRequest> find(RpcCallContext call, String name) {
    return Params.read(
            "parameter 1",
            name,
            text -> requests.find(new IdempotencyKey(call.caller().id(), text)))
        .or(() -> uuid(name).flatMap(requests::find));
  }

  private static Optional<SigningRequestId> uuid(String name) {
    try {
      return Optional.of(SigningRequestId.parse(name));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  private static RpcException notSupported(String method, String why) {
    return RpcError.of(RpcError.NOT_SUPPORTED, method + " is not served here: " + why).thrown();
  }

  private static JsonNode text(String value) {
    return JsonNodeFactory.instance.stringNode(value);
  }
}
