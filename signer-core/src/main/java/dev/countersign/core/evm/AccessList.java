package dev.countersign.core.evm;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Digest32;
import java.util.ArrayList;
import java.util.List;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/// The accounts and storage slots that a transaction says it will touch (EIP-2930). It makes them
/// cheaper, and allows nothing.
///
/// @param entries in their order; an account may be in it twice
public record AccessList(List<Entry> entries) {
  /// Of most transactions.
  public static final AccessList NONE = new AccessList(List.of());

  public AccessList {
    entries = List.copyOf(entries);
  }

  /// @param slots the keys of its storage
  public record Entry(Address account, List<Digest32> slots) {
    public Entry {
      slots = List.copyOf(slots);
    }
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  RlpList rlp() {
    List<RlpType> list = new ArrayList<>();
    for (Entry entry : entries) {
      List<RlpType> slots = new ArrayList<>();
      entry.slots().forEach(slot -> slots.add(RlpString.create(slot.bytes().toArray())));
      list.add(
          new RlpList(RlpString.create(entry.account().bytes().toArray()), new RlpList(slots)));
    }
    return new RlpList(list);
  }

  static AccessList read(FieldsOfList list) {
    return new AccessList(
        list.lists().stream()
            .map(
                entry ->
                    new Entry(
                        entry.address(0),
                        entry.list(1).strings().stream()
                            .map(slot -> Digest32.of(slot.toArray()))
                            .toList()))
            .toList());
  }
}
