package dev.countersign.policy.testing;

import dev.countersign.core.action.Authorizations;
import dev.countersign.core.action.PersonalMessages;
import dev.countersign.core.action.RawDigests;
import dev.countersign.core.action.TypedDataUnpacker;
import dev.countersign.core.action.Unpacking;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Nonce;
import dev.countersign.policy.yaml.Fields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads what a case has signed that is no transaction: `typedData`, the JSON of EIP-712;
/// `personalMessage`, text or 0x and hex digits; `rawDigest`; or `authorization`, of EIP-7702.
final class MessageReader {
  static final List<String> KEYS =
      List.of("typedData", "personalMessage", "rawDigest", "authorization");
  private static final List<String> AUTHORIZATION = List.of("delegate", "nonce", "chain");
  private static final String EVERY_CHAIN = "any";

  private final AccountNames names;

  MessageReader(AccountNames names) {
    this.names = names;
  }

  /// Whether `fields` has one.
  static boolean isIn(Fields fields) {
    return KEYS.stream().anyMatch(key -> fields.find(key).isPresent());
  }

  /// @param signer the wallet's account
  /// @return nothing when there are problems
  Optional<Unpacking> read(Fields fields, ChainId chain, Address signer) {
    List<String> there = KEYS.stream().filter(key -> fields.find(key).isPresent()).toList();
    List<String> excluded =
        Stream.concat(there.stream().skip(1), TransactionReader.KEYS.stream())
            .filter(key -> fields.find(key).isPresent())
            .toList();
    String key = there.getFirst();
    if (!excluded.isEmpty()) {
      CaseReader.problem(
          fields, fields.mapping().at(), key, "excludes " + String.join(" and ", excluded));
      return Optional.empty();
    }
    return switch (key) {
      case "typedData" ->
          fields
              .requireText(key, "typed data in JSON")
              .map(json -> TypedDataUnpacker.read(json.text(), signer).unpacking());
      case "personalMessage" ->
          CaseReader.value(fields, key, "text, or 0x and hex digits", MessageReader::bytes)
              .map(message -> PersonalMessages.read(message, signer).unpacking());
      case "rawDigest" ->
          CaseReader.value(
                  fields, key, "0x and 64 hex digits", text -> new Digest32(Bytes.fromHex(text)))
              .map(digest -> RawDigests.unpack(digest, signer));
      default ->
          fields
              .find(key)
              .flatMap(value -> Fields.of(value, fields.path(key), fields.problems()))
              .flatMap(inner -> authorization(inner, chain, signer));
    };
  }

  private Optional<Unpacking> authorization(Fields fields, ChainId chain, Address signer) {
    fields.refuseOthersThan(AUTHORIZATION);
    Optional<Address> delegate =
        fields
            .requireText("delegate", AccountNames.FORM)
            .flatMap(text -> names.address(text, fields.path("delegate"), fields));
    Optional<Nonce> nonce =
        fields.find("nonce").isEmpty()
            ? Optional.of(new Nonce(0))
            : CaseReader.value(fields, "nonce", "a nonce", MessageReader::nonce);
    Optional<Optional<ChainId>> good =
        fields.find("chain").isEmpty()
            ? Optional.of(Optional.of(chain))
            : CaseReader.value(fields, "chain", "any, or a CAIP-2 id", MessageReader::chain);
    return delegate.flatMap(
        code ->
            nonce.flatMap(
                number ->
                    good.map(on -> Authorizations.read(on, code, number, signer).unpacking())));
  }

  private static Optional<ChainId> chain(String text) {
    return text.equals(EVERY_CHAIN) ? Optional.empty() : Optional.of(new ChainId(text));
  }

  private static Nonce nonce(String text) {
    if (!text.matches("0|[1-9][0-9]{0,17}")) {
      throw InvalidValueException.of("nonce", text, "a whole number");
    }
    return new Nonce(Long.parseLong(text));
  }

  private static Bytes bytes(String text) {
    return text.startsWith("0x")
        ? Bytes.fromHex(text)
        : Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
