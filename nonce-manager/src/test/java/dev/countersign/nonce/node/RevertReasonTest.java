package dev.countersign.nonce.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.nonce.node.RpcAnswer.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Utf8String;

class RevertReasonTest {
  @Test
  void decodesTheTextOfARequire() {
    String data =
        FunctionEncoder.encode(
            new Function("Error", List.of(new Utf8String("paused until June")), List.of()));
    assertThat(RevertReason.of(new Failure(3, "execution reverted", data)))
        .hasValue("paused until June");
  }

  @Test
  void showsNoControlCharactersOfAContract() {
    String data =
        FunctionEncoder.encode(
            new Function("Error", List.of(new Utf8String("a\u001b[2Jb\nc\u202ed")), List.of()));
    assertThat(RevertReason.of(new Failure(3, "execution reverted", data))).hasValue("a [2Jb c d");
  }

  @Test
  void namesAPanicByItsCode() {
    String data = "0x4e487b71" + "0".repeat(62) + "11";
    assertThat(RevertReason.of(new Failure(3, "execution reverted", data)).orElseThrow())
        .contains("panic 0x11");
  }

  @Test
  void namesAnErrorOfTheContractsOwnByItsSelector() {
    String data = "0xcf479181" + "0".repeat(192);
    assertThat(RevertReason.of(new Failure(3, "execution reverted", data)).orElseThrow())
        .contains("0xcf479181");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0x",
        "0x08",
        "0x08c379a0",
        "0x08c379a0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0x08c379a00000000000000000000000000000000000000000000000000000000000000020"
            + "00000000000000000000000000000000000000000000000000000000000000ff61",
        "not hex",
        "0xzz"
      })
  void anyDataGivesSomeReason(String data) {
    assertThat(RevertReason.of(new Failure(3, "execution reverted", data)).orElseThrow())
        .isNotBlank();
  }

  @Test
  void theNodesOwnTroubleIsNoReason() {
    assertThat(RevertReason.of(new Failure(-32005, "rate limited", ""))).isEmpty();
    assertThat(RevertReason.of(new Failure(-32000, "header not found", ""))).isEmpty();
    assertThat(RevertReason.of(new Failure(-32000, "gas required exceeds allowance (0)", "")))
        .isPresent();
  }
}
