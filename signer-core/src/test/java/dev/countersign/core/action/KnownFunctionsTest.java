package dev.countersign.core.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownFunctionsTest {
  /// As contracts on the main chain have them: a signature that is spelled wrong gives another
  /// selector.
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "a9059cbb transfer",
        "23b872dd transferFrom",
        "095ea7b3 approve",
        "39509351 increaseAllowance",
        "a457c2d7 decreaseAllowance",
        "d505accf permit",
        "8fcbaf0c permit",
        "e3ee160e transferWithAuthorization",
        "cf092995 transferWithAuthorization",
        "ef55bec6 receiveWithAuthorization",
        "88b7ab63 receiveWithAuthorization",
        "42842e0e safeTransferFrom",
        "b88d4fde safeTransferFrom",
        "f242432a safeTransferFrom",
        "2eb2c2d6 safeBatchTransferFrom",
        "a22cb465 setApprovalForAll",
        "87517c45 approve",
        "36c78516 transferFrom",
        "0d58b1db transferFrom",
        "2b67b570 permit",
        "2a2d80d1 permit",
        "30f28b7a permitTransferFrom",
        "edd9444b permitTransferFrom",
        "137c29fe permitWitnessTransferFrom",
        "fe8ec1a7 permitWitnessTransferFrom",
        "cc53287f lockdown",
        "65d9723c invalidateNonces",
        "ac9650d8 multicall",
        "5ae401dc multicall",
        "1f0464d1 multicall",
        "252dba42 aggregate",
        "bce38bd7 tryAggregate",
        "c3077fa9 blockAndAggregate",
        "399542e9 tryBlockAndAggregate",
        "82ad56cb aggregate3",
        "174dea71 aggregate3Value",
        "6a761202 execTransaction",
        "468721a7 execTransactionFromModule",
        "5229073f execTransactionFromModuleReturnData",
        "d4d9bdcd approveHash",
        "8d80ff0a multiSend",
        "b61d27f6 execute",
        "1cff79cd execute",
        "47e1da2a executeBatch",
        "18dfb3c7 executeBatch",
        "34fcd5be executeBatch",
        "e9ae5c53 execute",
        "d691c964 executeFromExecutor",
        "01d5062a schedule",
        "134008d3 execute",
        "8f2a0bb0 scheduleBatch",
        "e38335e5 executeBatch",
        "3659cfe6 upgradeTo",
        "4f1ef286 upgradeToAndCall",
        "99a88ec4 upgrade",
        "9623609d upgradeAndCall"
      })
  void knowsTheSelector(String selector, String name) {
    assertThat(KnownFunctions.of(Bytes.fromHex("0x" + selector)))
        .hasValueSatisfying(known -> assertThat(known.abi().getName()).isEqualTo(name));
  }

  @Test
  void knowsNoMoreThanTheTableAboveSays() {
    List<String> signatures = KnownFunctions.signatures();
    assertThat(signatures).hasSize(56).doesNotHaveDuplicates();
  }
}
