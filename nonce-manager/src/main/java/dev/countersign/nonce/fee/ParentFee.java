package dev.countersign.nonce.fee;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.nonce.node.NodeText;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import java.math.BigInteger;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What chains of the OP stack take besides gas, for what a transaction costs on the chain below
/// them: by `getL1FeeUpperBound(uint256)` of their `GasPriceOracle`, for the largest that the
/// transaction may turn out to be.
final class ParentFee {
  private static final Pattern WORD = Pattern.compile("0x[0-9a-f]{64}");

  /// The chain below may become dearer until the transaction is in a block.
  private static final BigInteger ROOM_PERCENT = BigInteger.valueOf(150);

  private static final int WORD_BITS = 256;
  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  /// More than any chain asks for a unit of gas.
  private static final Wei LARGEST_PRICE = new Wei(BigInteger.ONE.shiftLeft(96));

  private static final Fees LARGEST_FEES =
      new Fees(LARGEST_PRICE, LARGEST_PRICE, new GasLimit(Long.MAX_VALUE));

  private ParentFee() {}

  /// What to ask.
  static RpcCall question(Question question, Envelope envelope) {
    return RpcCall.parentFee(size(question.call(), question, envelope));
  }

  private static int size(CallEncoder.Call call, Question question, Envelope envelope) {
    return new UnsignedTransaction(
            question.chain(), new Nonce(Long.MAX_VALUE), LARGEST_FEES, call, envelope)
        .encode()
        .size();
  }

  /// @throws NodeUnavailableException when the node does not say
  static Wei of(RpcCall call, RpcAnswer answer) {
    JsonNode result = RpcAnswer.resultOf(call, answer);
    if (!result.isString() || !WORD.matcher(result.stringValue()).matches()) {
      throw new NodeUnavailableException(
          "the parent chain's fee: expected one word of the GasPriceOracle, got "
              + NodeText.shown(result.toString()));
    }
    BigInteger fee = new BigInteger(result.stringValue().substring(2), 16);
    BigInteger withRoom = fee.multiply(ROOM_PERCENT).divide(HUNDRED);
    if (withRoom.bitLength() > WORD_BITS) {
      throw new NodeUnavailableException("the parent chain's fee: %s wei cannot be".formatted(fee));
    }
    return new Wei(withRoom);
  }
}
