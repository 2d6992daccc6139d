package dev.countersign.nonce.lane;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.web3j.rlp.RlpDecoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/// The chain and the nonce in signed bytes, whoever says what they are: `0x02 ‖ rlp([chainId,
/// nonce, …, yParity, r, s])`, EIP-1559.
record SignedFields(ChainId chain, Nonce nonce) {
  private static final byte TYPE = 2;
  private static final int FIELDS = 12;

  static Optional<SignedFields> read(SignedTransaction transaction) {
    byte[] bytes = transaction.bytes().toArray();
    if (bytes.length < 2 || bytes[0] != TYPE) {
      return Optional.empty();
    }
    try {
      List<RlpType> outer =
          RlpDecoder.decode(Arrays.copyOfRange(bytes, 1, bytes.length)).getValues();
      List<RlpType> fields = ((RlpList) outer.getFirst()).getValues();
      if (outer.size() != 1 || fields.size() != FIELDS) {
        return Optional.empty();
      }
      return Optional.of(
          new SignedFields(
              ChainId.ofEip155(number(fields.get(0))), new Nonce(number(fields.get(1)))));
    } catch (RuntimeException e) {
      // The RLP reader throws unchecked exceptions of many kinds on bytes that are not RLP.
      return Optional.empty();
    }
  }

  private static long number(RlpType field) {
    return new BigInteger(1, ((RlpString) field).getBytes()).longValueExact();
  }
}
