package dev.countersign.nonce.node;

import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.SignedAuthorization;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What only some types of transactions have, as the execution API names it. What is empty is left
/// out: it changes nothing, and nodes of chains without that type know no such name.
final class EnvelopeJson {
  private EnvelopeJson() {}

  static Map<String, Object> of(Envelope envelope) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (!envelope.accessList().entries().isEmpty()) {
      json.put(
          "accessList", envelope.accessList().entries().stream().map(EnvelopeJson::entry).toList());
    }
    switch (envelope) {
      case Envelope.Legacy _, Envelope.OnePrice _, Envelope.FeeMarket _ -> {}
      case Envelope.Blobs blobs -> {
        if (!blobs.leavesFee()) {
          json.put("maxFeePerBlobGas", Quantities.hex(blobs.maxFeePerBlobGas().value()));
        }
        json.put(
            "blobVersionedHashes", blobs.versionedHashes().stream().map(Digest32::hex).toList());
      }
      case Envelope.SetCode code ->
          json.put(
              "authorizationList",
              code.authorizations().stream().map(EnvelopeJson::authorization).toList());
    }
    return json;
  }

  private static Map<String, Object> entry(AccessList.Entry entry) {
    List<String> slots = entry.slots().stream().map(Digest32::hex).toList();
    return Map.of("address", entry.account().hex(), "storageKeys", slots);
  }

  private static Map<String, Object> authorization(SignedAuthorization one) {
    return Map.of(
        "chainId", hex(one.chain().map(ChainId::eip155).orElse(0L)),
        "address", one.delegate().hex(),
        "nonce", hex(one.nonce().value()),
        "yParity", hex(one.signature().yParity()),
        "r", Quantities.hex(one.signature().r()),
        "s", Quantities.hex(one.signature().s()));
  }

  private static String hex(long number) {
    return Quantities.hex(BigInteger.valueOf(number));
  }
}
