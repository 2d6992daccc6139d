package dev.countersign.core.typeddata;

import dev.countersign.core.model.Bytes;
import java.util.List;
import java.util.Map;

/// A document of `eth_signTypedData_v4`, read and checked.
///
/// @param domain with the fields that the document declares for it
/// @param message of the primary type
/// @param encodedType `encodeType` of the primary type (EIP-712), which names every field of it and
///     of all the structs in it
/// @param preimage `0x19 0x01 ‖ domainSeparator ‖ hashStruct(message)`, 66 bytes
public record TypedData(
    TypedDomain domain, TypedValue.Struct message, String encodedType, Bytes preimage) {
  private static final List<String> PARTS = List.of("types", "primaryType", "domain", "message");

  public String primaryType() {
    return message.type();
  }

  /// Total: any text gives an outcome. The JSON has the members `types`, `primaryType`, `domain`
  /// and `message` and no others; every member of a struct in use is there, and none besides;
  /// integers are JSON integers below 2^53, or decimal or `0x` digits as text; `null` is nowhere.
  public static TypedDataReading read(String json) {
    try {
      return new TypedDataReading.Read(document(JsonText.parse(json)));
    } catch (MalformedException e) {
      return new TypedDataReading.Malformed("typed data: " + e.getMessage());
    }
  }

  private static TypedData document(Json json) throws MalformedException {
    if (json instanceof Json.Members(Map<String, Json> parts)
        && parts.size() == PARTS.size()
        && parts.get("types") instanceof Json.Members(Map<String, Json> declared)
        && parts.get("primaryType") instanceof Json.Text(String primaryType)
        && parts.get("domain") instanceof Json.Members domain
        && parts.get("message") instanceof Json.Members message) {
      Types types = Types.read(declared);
      if (!types.has(primaryType) || primaryType.equals(Types.DOMAIN)) {
        throw new MalformedException(
            "primaryType: expected a declared struct other than EIP712Domain, got \"%s\""
                .formatted(Shown.of(primaryType)));
      }
      Values values = new Values(types);
      TypedValue.Struct domainValue = values.struct("domain", Types.DOMAIN, domain);
      TypedValue.Struct messageValue = values.struct("message", primaryType, message);
      return new TypedData(
          TypedDomain.of(types.fields(Types.DOMAIN), domainValue),
          messageValue,
          types.encode(primaryType),
          new TypedDataHash(types).preimage(domainValue, messageValue));
    }
    throw new MalformedException(
        "expected an object of types, primaryType, domain and message alone");
  }
}
