package dev.countersign.server.jsonrpc;

import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.CallDecoder;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import dev.countersign.server.blob.AskedBlobs;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The transaction object of `eth_sendTransaction`. The nonce is not in it: libraries fill it in
/// from what a node shows, and it is our lanes that own nonces.
///
/// @param intent what it does
/// @param tip the most for the miner per unit of gas; nothing when the client leaves it to us
/// @param most the most for both per unit of gas; likewise
/// @param gas the limit; likewise
/// @param blobs of a transaction of type 3, as geth names them
/// @param envelope the type that other fields ask for; nothing where the chain's own will do
record AskedTransaction(
    Address from,
    Intent.OfTransaction intent,
    Optional<Wei> tip,
    Optional<Wei> most,
    Optional<BigInteger> gas,
    Optional<AskedBlobs> blobs,
    Optional<Envelope> envelope) {

  /// Of all that a transaction of type 3 has besides others.
  static final String BLOBS = "blobs";

  private static final int MOST_ITEMS = BlobSidecar.MOST_BLOBS * BlobProofs.CELLS.perBlob();

  private static final Set<String> KNOWN =
      Set.of(
          "from",
          "to",
          "value",
          "data",
          "input",
          "gas",
          "gasLimit",
          "gasPrice",
          "maxFeePerGas",
          "maxPriorityFeePerGas",
          "nonce",
          "chainId",
          "type",
          AskedEnvelope.ACCESS_LIST,
          AskedEnvelope.AUTHORIZATIONS,
          BLOBS,
          "blobVersionedHashes",
          "commitments",
          "proofs",
          "maxFeePerBlobGas");

  static AskedTransaction read(JsonNode node, ChainId chain) {
    if (!node.isObject()) {
      throw Params.wrong("expected a transaction object as parameter 1");
    }
    return new Reader(node).read(chain);
  }

  private record Reader(JsonNode node) {
    AskedTransaction read(ChainId chain) {
      refuseUnknown();
      number("chainId")
          .filter(id -> !("eip155:" + id).equals(chain.caip2()))
          .ifPresent(
              id -> {
                throw Params.wrong("chainId: this address is for %s, got %s".formatted(chain, id));
              });
      number("nonce");
      AskedEnvelope typed = AskedEnvelope.read(node);
      Optional<AskedBlobs> blobs = blobs(typed.accessList());
      Optional<Wei> gasPrice = wei("gasPrice");
      Optional<Wei> most = wei("maxFeePerGas");
      Optional<Wei> tip = wei("maxPriorityFeePerGas");
      if (gasPrice.isPresent() && (most.isPresent() || tip.isPresent())) {
        throw Params.wrong("gasPrice: excludes maxFeePerGas and maxPriorityFeePerGas");
      }
      Optional<BigInteger> gas = number("gas").or(() -> number("gasLimit"));
      Address from =
          text("from")
              .map(text -> Params.read("from", text, Address::parse))
              .orElseThrow(() -> Params.wrong("from: expected the address of a wallet"));
      return new AskedTransaction(
          from,
          intent(),
          tip.or(() -> gasPrice),
          most.or(() -> gasPrice),
          gas,
          blobs,
          typed.of(number("type"), blobs.isPresent(), gasPrice.isPresent()));
    }

    private Optional<AskedBlobs> blobs(AccessList accessList) {
      List<Bytes> blobs = list(BLOBS);
      List<Bytes> hashes = list("blobVersionedHashes");
      List<Bytes> commitments = list("commitments");
      List<Bytes> proofs = list("proofs");
      Optional<Wei> fee = wei("maxFeePerBlobGas");
      boolean others =
          Stream.of(BLOBS, "blobVersionedHashes", "commitments", "proofs", "maxFeePerBlobGas")
              .anyMatch(field -> !node.path(field).isMissingNode() && !node.path(field).isNull());
      if (blobs.isEmpty() && others) {
        throw Params.wrong(
            "blobs: expected some, since maxFeePerBlobGas, blobVersionedHashes, commitments or"
                + " proofs are there");
      }
      return blobs.isEmpty()
          ? Optional.empty()
          : Optional.of(new AskedBlobs(accessList, blobs, fee, hashes, commitments, proofs));
    }

    /// @return none where there is no such field
    private List<Bytes> list(String field) {
      JsonNode value = node.get(field);
      if (value == null || value.isNull()) {
        return List.of();
      }
      if (!value.isArray() || value.size() > MOST_ITEMS) {
        throw Params.wrong("%s: expected a list of at most %d".formatted(field, MOST_ITEMS));
      }
      List<Bytes> items = new ArrayList<>();
      for (int i = 0; i < value.size(); i++) {
        JsonNode item = value.get(i);
        String at = "%s[%d]".formatted(field, i);
        if (!item.isString()) {
          throw Params.wrong(at + ": expected text");
        }
        items.add(Params.read(at, item.stringValue(), Bytes::fromHex));
      }
      return items;
    }

    private void refuseUnknown() {
      Set<String> unknown = new TreeSet<>();
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        if (!KNOWN.contains(field.getKey()) && !field.getValue().isNull()) {
          unknown.add(field.getKey());
        }
      }
      if (!unknown.isEmpty()) {
        throw RpcError.of(
                RpcError.NOT_SUPPORTED,
                "%s: not known here; known are %s".formatted(unknown, new TreeSet<>(KNOWN)))
            .thrown();
      }
    }

    private Intent.OfTransaction intent() {
      Optional<Bytes> data = bytes("data");
      Optional<Bytes> input = bytes("input");
      if (data.isPresent() && input.isPresent() && !data.equals(input)) {
        throw Params.wrong("data and input: expected one of them, or both the same");
      }
      Bytes carried = input.or(() -> data).orElse(Bytes.EMPTY);
      Wei value = wei("value").orElse(Wei.ZERO);
      Optional<String> to = text("to").filter(text -> !text.isEmpty() && !text.equals("0x"));
      if (to.isEmpty()) {
        return creation(value, carried);
      }
      try {
        return CallDecoder.decode(
            new CallEncoder.Call(Params.read("to", to.get(), Address::parse), value, carried));
      } catch (InvalidValueException e) {
        throw Params.wrong("data: expected " + e.expected());
      }
    }

    /// A transaction without a recipient creates a contract.
    private static Intent.OfTransaction creation(Wei value, Bytes code) {
      try {
        return new Intent.ContractCreation(value, code);
      } catch (InvalidValueException e) {
        throw Params.wrong("data: without `to` it creates a contract: expected " + e.expected());
      }
    }

    private Optional<String> text(String field) {
      JsonNode value = node.get(field);
      if (value == null || value.isNull()) {
        return Optional.empty();
      }
      if (!value.isString()) {
        throw Params.wrong(field + ": expected text");
      }
      return Optional.of(value.stringValue());
    }

    private Optional<BigInteger> number(String field) {
      return text(field).map(text -> Params.quantity(field, text));
    }

    private Optional<Wei> wei(String field) {
      return number(field).map(Wei::new);
    }

    private Optional<Bytes> bytes(String field) {
      return text(field).map(text -> Params.read(field, text, Bytes::fromHex));
    }
  }
}
