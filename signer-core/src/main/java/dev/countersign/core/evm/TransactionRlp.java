package dev.countersign.core.evm;

import dev.countersign.core.model.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/// The wire form of type 2 transactions, EIP-1559.
final class TransactionRlp {
  static final byte TYPE = 2;

  private TransactionRlp() {}

  static Bytes unsigned(UnsignedTransaction transaction) {
    return typed(fields(transaction));
  }

  static Bytes signed(UnsignedTransaction transaction, RecoverableSignature signature) {
    List<RlpType> fields = fields(transaction);
    fields.add(RlpString.create(signature.yParity()));
    fields.add(RlpString.create(signature.r()));
    fields.add(RlpString.create(signature.s()));
    return typed(fields);
  }

  private static List<RlpType> fields(UnsignedTransaction transaction) {
    List<RlpType> fields = new ArrayList<>();
    fields.add(RlpString.create(transaction.chain().eip155()));
    fields.add(RlpString.create(transaction.nonce().value()));
    fields.add(RlpString.create(transaction.fees().maxPriorityFeePerGas().value()));
    fields.add(RlpString.create(transaction.fees().maxFeePerGas().value()));
    fields.add(RlpString.create(transaction.fees().gasLimit().units()));
    fields.add(RlpString.create(transaction.call().to().bytes().toArray()));
    fields.add(RlpString.create(transaction.call().value().value()));
    fields.add(RlpString.create(transaction.call().data().toArray()));
    fields.add(new RlpList());
    return fields;
  }

  private static Bytes typed(List<RlpType> fields) {
    byte[] rlp = RlpEncoder.encode(new RlpList(fields));
    byte[] typed = new byte[rlp.length + 1];
    typed[0] = TYPE;
    System.arraycopy(rlp, 0, typed, 1, rlp.length);
    return Bytes.of(typed);
  }

  static BigInteger integer(RlpString field) {
    byte[] bytes = field.getBytes();
    return bytes.length == 0 ? BigInteger.ZERO : new BigInteger(1, bytes);
  }
}
