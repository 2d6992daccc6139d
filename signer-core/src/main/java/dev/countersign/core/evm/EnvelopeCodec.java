package dev.countersign.core.evm;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/// Envelopes by themselves, for where a request is stored and compared: the number of the type,
/// and `rlp([accessList])`, for blobs `rlp([accessList, maxFeePerBlobGas, blobVersionedHashes])`,
/// for code `rlp([accessList, authorizationList])`.
public final class EnvelopeCodec {
  private EnvelopeCodec() {}

  public static Bytes encode(Envelope envelope) {
    List<RlpType> fields = new ArrayList<>();
    fields.add(envelope.accessList().rlp());
    fields.addAll(ownFields(envelope));
    return TransactionRlp.behind(envelope.type().number(), fields);
  }

  /// What only this type has, behind the access list.
  static List<RlpType> ownFields(Envelope envelope) {
    return switch (envelope) {
      case Envelope.Legacy _, Envelope.OnePrice _, Envelope.FeeMarket _ -> List.of();
      case Envelope.Blobs blobs ->
          List.of(
              RlpString.create(blobs.maxFeePerBlobGas().value()),
              new RlpList(
                  blobs.versionedHashes().stream()
                      .<RlpType>map(hash -> RlpString.create(hash.bytes().toArray()))
                      .toList()));
      case Envelope.SetCode code ->
          List.of(
              new RlpList(
                  code.authorizations().stream().<RlpType>map(SignedAuthorization::rlp).toList()));
    };
  }

  /// @throws InvalidValueException when they are not what [#encode] gives
  public static Envelope decode(Bytes bytes) {
    return tried(bytes)
        .filter(envelope -> encode(envelope).equals(bytes))
        .orElseThrow(
            () -> InvalidValueException.of("envelope", bytes.hex(), "one that was encoded here"));
  }

  private static Optional<Envelope> tried(Bytes bytes) {
    try {
      FieldsOfList fields = TransactionReader.behindType(bytes);
      return Arrays.stream(TransactionType.values())
          .filter(type -> type.number() == bytes.get(0))
          .map(type -> read(type, AccessList.read(fields.list(0)), fields.from(1)))
          .findFirst();
    } catch (RuntimeException | StackOverflowError e) {
      // As in TransactionDecoder.
      return Optional.empty();
    }
  }

  /// @param own what comes behind the access list
  static Envelope read(TransactionType type, AccessList accessList, FieldsOfList own) {
    return switch (type) {
      case LEGACY -> new Envelope.Legacy();
      case EIP2930 -> new Envelope.OnePrice(accessList);
      case EIP1559 -> new Envelope.FeeMarket(accessList);
      case EIP4844 ->
          new Envelope.Blobs(
              accessList,
              own.wei(0),
              own.list(1).strings().stream().map(hash -> Digest32.of(hash.toArray())).toList());
      case EIP7702 ->
          new Envelope.SetCode(
              accessList, own.list(0).lists().stream().map(SignedAuthorization::read).toList());
    };
  }
}
