package dev.countersign.core.action;

import dev.countersign.core.action.Deed.TypedMessage;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.typeddata.TypedData;
import dev.countersign.core.typeddata.TypedDataReading;
import dev.countersign.core.typeddata.TypedDomain;
import java.math.BigInteger;
import java.util.Optional;

/// Reads all that a signature over typed data (EIP-712, `eth_signTypedData_v4`) enables.
///
/// The root is always a [TypedMessage]. Below it stands what the signature lets others do, for the
/// structs in [KnownMessages]; for any other struct, orders of exchanges included, nothing, and
/// policy has to allow domain and type as such. The name in a domain is what an application calls
/// itself and is taken as it stands: a look-alike is another name.
public final class TypedDataUnpacker {
  private static final int MOST_CHAIN_DIGITS = 18;

  private TypedDataUnpacker() {}

  /// Total: any text gives an outcome.
  ///
  /// @param signer the wallet's own account
  public static SignableMessage read(String json, Address signer) {
    return switch (TypedData.read(json)) {
      case TypedDataReading.Read(TypedData data) ->
          SignableMessage.of(data.preimage(), unpack(json, data, signer));
      case TypedDataReading.Malformed(String reason) ->
          new SignableMessage.NotUnderstood(new Unpacking.Opaque(reason));
    };
  }

  private static Unpacking unpack(String json, TypedData data, Address signer) {
    try {
      TypedDomain domain = data.domain();
      Optional<ChainId> chain = chain(domain);
      TypedMessage root =
          new TypedMessage(
              visible(domain.name().orElse("")),
              domain.verifyingContract(),
              chain,
              data.primaryType(),
              json);
      return Walk.of(signer, root, KnownMessages.enabledBy(data, signer));
    } catch (OpaqueException e) {
      return e.opaque();
    }
  }

  private static Optional<ChainId> chain(TypedDomain domain) throws OpaqueException {
    if (domain.chainId().isEmpty()) {
      return Optional.empty();
    }
    BigInteger number = domain.chainId().get();
    if (number.signum() == 0 || number.toString().length() > MOST_CHAIN_DIGITS) {
      throw new OpaqueException(
          "domain.chainId: expected 1 to 18 digits and not zero, got " + number);
    }
    return Optional.of(ChainId.ofEip155(number.longValueExact()));
  }

  /// Characters that show as nothing, or turn the text around them, have no place in a name.
  private static String visible(String name) throws OpaqueException {
    boolean hidden =
        name.codePoints()
            .anyMatch(
                each ->
                    switch (Character.getType(each)) {
                      case Character.CONTROL,
                          Character.FORMAT,
                          Character.PRIVATE_USE,
                          Character.UNASSIGNED,
                          Character.LINE_SEPARATOR,
                          Character.PARAGRAPH_SEPARATOR ->
                          true;
                      default -> false;
                    });
    if (hidden) {
      throw new OpaqueException("domain.name: expected characters that can be seen");
    }
    return name;
  }
}
