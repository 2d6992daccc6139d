package dev.countersign.nonce.node;

import org.web3j.protocol.core.Response;
import tools.jackson.databind.JsonNode;

/// An answer whose result is kept as JSON; public and with setters because Jackson fills it.
public final class RpcResponse extends Response<JsonNode> {}
