package dev.countersign.core.evm;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.web3j.rlp.RlpDecoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/// The items of an RLP list, read by their place. Whatever is not as expected throws; which of many
/// unchecked exceptions is nobody's concern but [TransactionDecoder]'s, which catches them all.
record FieldsOfList(List<RlpType> items) {

  /// @throws InvalidValueException when it is another thing than one list
  static FieldsOfList of(Bytes rlp) {
    List<RlpType> outer = RlpDecoder.decode(rlp.toArray()).getValues();
    if (outer.size() != 1) {
      throw InvalidValueException.of("transaction", outer.size() + " RLP items", "one RLP list");
    }
    return new FieldsOfList(((RlpList) outer.getFirst()).getValues());
  }

  int size() {
    return items.size();
  }

  /// @throws InvalidValueException when there are more or fewer
  void expect(int fields, String of) {
    if (items.size() != fields) {
      throw InvalidValueException.of(of, items.size() + " fields", fields + " fields");
    }
  }

  Bytes bytes(int index) {
    return Bytes.of(((RlpString) items.get(index)).getBytes());
  }

  BigInteger integer(int index) {
    return new BigInteger(1, bytes(index).toArray());
  }

  long number(int index) {
    return integer(index).longValueExact();
  }

  Wei wei(int index) {
    return new Wei(integer(index));
  }

  Address address(int index) {
    return Address.of(bytes(index));
  }

  /// No bytes are nobody.
  Optional<Address> addressOrNone(int index) {
    return Optional.of(bytes(index)).filter(bytes -> !bytes.isEmpty()).map(Address::of);
  }

  FieldsOfList list(int index) {
    return new FieldsOfList(((RlpList) items.get(index)).getValues());
  }

  /// Those from a place on.
  FieldsOfList from(int index) {
    return new FieldsOfList(items.subList(index, items.size()));
  }

  /// Each item as a list.
  List<FieldsOfList> lists() {
    return items.stream().map(item -> new FieldsOfList(((RlpList) item).getValues())).toList();
  }

  /// Each item as a string.
  List<Bytes> strings() {
    return items.stream().map(item -> Bytes.of(((RlpString) item).getBytes())).toList();
  }
}
