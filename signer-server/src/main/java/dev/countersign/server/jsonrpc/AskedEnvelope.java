package dev.countersign.server.jsonrpc;

import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.evm.SignedAuthorization;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Nonce;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields of a transaction object that ask for a type of its own: `accessList` (EIP-2930) and
/// `authorizationList` (EIP-7702), as the execution API has them.
record AskedEnvelope(AccessList accessList, List<SignedAuthorization> authorizations) {
  static final String ACCESS_LIST = "accessList";
  static final String AUTHORIZATIONS = "authorizationList";

  private static final BigInteger ONE_PRICE = BigInteger.ONE;
  private static final BigInteger WITH_BLOBS = BigInteger.valueOf(3);
  private static final BigInteger SET_CODE = BigInteger.valueOf(4);
  private static final int MOST_ENTRIES = 1_000;
  private static final int MOST_SLOTS = 10_000;
  private static final int MOST_AUTHORIZATIONS = 100;

  AskedEnvelope {
    authorizations = List.copyOf(authorizations);
  }

  static AskedEnvelope read(JsonNode transaction) {
    return new AskedEnvelope(accessList(transaction), authorizations(transaction));
  }

  /// Without one of these fields the type is the chain's own, whatever `type` says: libraries fill
  /// it in.
  ///
  /// @param onePrice whether the client names a `gasPrice`
  Optional<Envelope> of(Optional<BigInteger> type, boolean hasBlobs, boolean onePrice) {
    type.ifPresent(number -> check(number, hasBlobs));
    if (!authorizations.isEmpty()) {
      if (hasBlobs || onePrice) {
        throw Params.wrong(AUTHORIZATIONS + ": excludes blobs and gasPrice");
      }
      return Optional.of(new Envelope.SetCode(accessList, authorizations));
    }
    if (hasBlobs || accessList.entries().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        onePrice || type.filter(ONE_PRICE::equals).isPresent()
            ? new Envelope.OnePrice(accessList)
            : new Envelope.FeeMarket(accessList));
  }

  private void check(BigInteger type, boolean hasBlobs) {
    if (type.compareTo(SET_CODE) > 0) {
      throw RpcError.of(
              RpcError.NOT_SUPPORTED,
              "type: expected 0x0, 0x1, 0x2, 0x3 or 0x4, got 0x" + type.toString(16))
          .thrown();
    }
    if (type.equals(WITH_BLOBS) != hasBlobs) {
      throw Params.wrong(
          hasBlobs
              ? "type: expected 0x3, since there are blobs, got 0x" + type.toString(16)
              : "blobs: expected those of a transaction of type 0x3");
    }
    if (type.equals(SET_CODE) == authorizations.isEmpty()) {
      throw Params.wrong(
          authorizations.isEmpty()
              ? AUTHORIZATIONS + ": expected those of a transaction of type 0x4"
              : "type: expected 0x4, since there are authorizations, got 0x" + type.toString(16));
    }
    if (type.signum() == 0 && !accessList.entries().isEmpty()) {
      throw Params.wrong("type: expected 0x1 or more, since there is an access list, got 0x0");
    }
  }

  private static AccessList accessList(JsonNode transaction) {
    List<AccessList.Entry> entries = new ArrayList<>();
    int slots = 0;
    for (JsonNode item : list(transaction, ACCESS_LIST, MOST_ENTRIES)) {
      String at = "%s[%d]".formatted(ACCESS_LIST, entries.size());
      List<Digest32> keys = new ArrayList<>();
      for (JsonNode key : list(item, "storageKeys", MOST_SLOTS)) {
        keys.add(Params.read(at + ".storageKeys", text(key, at), Digest32::fromHex));
      }
      slots += keys.size();
      entries.add(
          new AccessList.Entry(
              Params.read(at + ".address", text(item.get("address"), at), Address::parse), keys));
    }
    if (slots > MOST_SLOTS) {
      throw Params.wrong("%s: expected at most %d keys".formatted(ACCESS_LIST, MOST_SLOTS));
    }
    return new AccessList(entries);
  }

  private static List<SignedAuthorization> authorizations(JsonNode transaction) {
    List<SignedAuthorization> all = new ArrayList<>();
    for (JsonNode item : list(transaction, AUTHORIZATIONS, MOST_AUTHORIZATIONS)) {
      String at = "%s[%d]".formatted(AUTHORIZATIONS, all.size());
      try {
        BigInteger chain = number(item, at, "chainId");
        all.add(
            new SignedAuthorization(
                chain.signum() == 0
                    ? Optional.empty()
                    : Optional.of(ChainId.ofEip155(small(chain, at + ".chainId"))),
                Params.read(at + ".address", text(item.get("address"), at), Address::parse),
                new Nonce(small(number(item, at, "nonce"), at + ".nonce")),
                new RecoverableSignature(
                    number(item, at, "r"),
                    number(item, at, "s"),
                    (int) Math.min(2, small(number(item, at, "yParity"), at + ".yParity")))));
      } catch (InvalidValueException e) {
        throw Params.wrong(at + ": expected " + e.expected());
      }
    }
    return all;
  }

  private static List<JsonNode> list(JsonNode object, String field, int most) {
    JsonNode value = object.get(field);
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (!value.isArray() || value.size() > most) {
      throw Params.wrong("%s: expected a list of at most %d".formatted(field, most));
    }
    return List.copyOf(value.valueStream().toList());
  }

  private static BigInteger number(JsonNode item, String at, String field) {
    return Params.quantity(at + "." + field, text(item.get(field), at + "." + field));
  }

  private static long small(BigInteger number, String field) {
    if (number.bitLength() > 63) {
      throw Params.wrong(field + ": expected fewer than 2^63");
    }
    return number.longValueExact();
  }

  private static String text(@Nullable JsonNode value, String field) {
    if (value == null || !value.isString()) {
      throw Params.wrong(field + ": expected text");
    }
    return value.stringValue();
  }
}
