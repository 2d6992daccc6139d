package dev.countersign.core.typeddata;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a signature over typed data is good for: the domain of EIP-712.
///
/// @param name of the application, as it calls itself: anyone can take any name
public record TypedDomain(
    Optional<String> name,
    Optional<String> version,
    Optional<BigInteger> chainId,
    Optional<Address> verifyingContract,
    Optional<Bytes> salt) {
  private static final Map<String, String> FIELDS =
      Map.of(
          "name", "string",
          "version", "string",
          "chainId", "uint256",
          "verifyingContract", "address",
          "salt", "bytes32");
  private static final List<String> ORDER =
      List.of("name", "version", "chainId", "verifyingContract", "salt");

  /// @param fields as the document declares them: one or more of the five that EIP-712 has, in its
  ///     order
  static TypedDomain of(List<Types.Field> fields, TypedValue.Struct values)
      throws MalformedException {
    List<String> names = fields.stream().map(Types.Field::name).toList();
    boolean known =
        !fields.isEmpty()
            && names.equals(ORDER.stream().filter(names::contains).toList())
            && fields.stream().allMatch(each -> each.typeName().equals(FIELDS.get(each.name())));
    if (!known) {
      throw new MalformedException(
          "EIP712Domain: expected one or more of string name, string version, uint256 chainId,"
              + " address verifyingContract, bytes32 salt, in this order");
    }
    return new TypedDomain(
        index(names, "name").map(values::text),
        index(names, "version").map(values::text),
        index(names, "chainId").map(values::whole),
        index(names, "verifyingContract").map(values::address),
        index(names, "salt").map(at -> ((TypedValue.FixedBytes) values.values().get(at)).value()));
  }

  private static Optional<Integer> index(List<String> names, String name) {
    return Optional.of(names.indexOf(name)).filter(at -> at >= 0);
  }
}
