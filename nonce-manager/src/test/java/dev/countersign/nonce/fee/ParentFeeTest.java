package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Wei;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class ParentFeeTest {
  private static final RpcCall CALL = RpcCall.parentFee(100);

  @Test
  void leavesRoomForItToGrow() {
    assertThat(fee("0".repeat(62) + "64")).isEqualTo(Wei.of(150));
  }

  /// It fits into a word, and what it may grow to does not: the node's fault, not ours.
  @Test
  void whatCannotBeAFeeIsTheNodesFailure() {
    assertThatThrownBy(() -> fee("f".repeat(64)))
        .isInstanceOf(NodeUnavailableException.class)
        .hasMessageContaining("cannot be");
  }

  private static Wei fee(String word) {
    return ParentFee.of(
        CALL, new RpcAnswer.Result(JsonNodeFactory.instance.stringNode("0x" + word)));
  }
}
