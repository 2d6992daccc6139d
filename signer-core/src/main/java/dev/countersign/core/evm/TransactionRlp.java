package dev.countersign.core.evm;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/// The wire forms of transactions; [UnsignedTransaction#encode] has them in a table.
final class TransactionRlp {
  /// `v` of EIP-155 is this, twice the chain id, and the y parity.
  static final long FIRST_PROTECTED_V = 35;

  private TransactionRlp() {}

  static Bytes unsigned(UnsignedTransaction transaction) {
    List<RlpType> fields = fields(transaction);
    if (transaction.envelope() instanceof Envelope.Legacy) {
      fields.add(RlpString.create(transaction.chain().eip155()));
      fields.add(RlpString.create(BigInteger.ZERO));
      fields.add(RlpString.create(BigInteger.ZERO));
    }
    return bytes(transaction.envelope().type(), fields);
  }

  static Bytes signed(UnsignedTransaction transaction, RecoverableSignature signature) {
    List<RlpType> fields = fields(transaction);
    fields.add(
        transaction.envelope() instanceof Envelope.Legacy
            ? RlpString.create(
                BigInteger.valueOf(transaction.chain().eip155())
                    .shiftLeft(1)
                    .add(BigInteger.valueOf(FIRST_PROTECTED_V + signature.yParity())))
            : RlpString.create(signature.yParity()));
    fields.add(RlpString.create(signature.r()));
    fields.add(RlpString.create(signature.s()));
    return bytes(transaction.envelope().type(), fields);
  }

  /// Those before the signature.
  private static List<RlpType> fields(UnsignedTransaction transaction) {
    Envelope envelope = transaction.envelope();
    Fees fees = transaction.fees();
    List<RlpType> fields = new ArrayList<>();
    if (envelope.type() != TransactionType.LEGACY) {
      fields.add(RlpString.create(transaction.chain().eip155()));
    }
    fields.add(RlpString.create(transaction.nonce().value()));
    if (!envelope.hasOnePrice()) {
      fields.add(RlpString.create(fees.maxPriorityFeePerGas().value()));
    }
    fields.add(RlpString.create(fees.maxFeePerGas().value()));
    fields.add(RlpString.create(fees.gasLimit().units()));
    fields.add(
        RlpString.create(
            transaction.call().to().map(Address::bytes).orElse(Bytes.EMPTY).toArray()));
    fields.add(RlpString.create(transaction.call().value().value()));
    fields.add(RlpString.create(transaction.call().data().toArray()));
    if (envelope.type() != TransactionType.LEGACY) {
      fields.add(envelope.accessList().rlp());
    }
    fields.addAll(EnvelopeCodec.ownFields(envelope));
    return fields;
  }

  private static Bytes bytes(TransactionType type, List<RlpType> fields) {
    return type == TransactionType.LEGACY
        ? Bytes.of(RlpEncoder.encode(new RlpList(fields)))
        : behind(type.number(), fields);
  }

  static Bytes behind(int number, List<RlpType> fields) {
    byte[] rlp = RlpEncoder.encode(new RlpList(fields));
    byte[] typed = new byte[rlp.length + 1];
    typed[0] = (byte) number;
    System.arraycopy(rlp, 0, typed, 1, rlp.length);
    return Bytes.of(typed);
  }
}
