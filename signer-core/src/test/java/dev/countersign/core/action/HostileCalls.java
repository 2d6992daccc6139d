package dev.countersign.core.action;

import static dev.countersign.core.action.Calls.ALICE;
import static dev.countersign.core.action.Calls.CONTRACT;
import static dev.countersign.core.action.Calls.MALLORY;
import static dev.countersign.core.action.Calls.MULTICALL3;
import static dev.countersign.core.action.Calls.MULTI_SEND;
import static dev.countersign.core.action.Calls.SAFE;
import static dev.countersign.core.action.Calls.TOKEN;
import static dev.countersign.core.action.Calls.WALLET;
import static dev.countersign.core.action.Calls.ZERO;
import static dev.countersign.core.action.Calls.concat;
import static dev.countersign.core.action.Calls.data;
import static dev.countersign.core.action.Calls.execTransaction;
import static dev.countersign.core.action.Calls.multiSend;
import static dev.countersign.core.action.Calls.multicall;
import static dev.countersign.core.action.Calls.packed;
import static dev.countersign.core.action.Calls.transfer;
import static dev.countersign.core.action.Calls.unpack;
import static dev.countersign.core.action.Calls.with;
import static dev.countersign.core.action.Calls.word;
import static dev.countersign.core.action.Permit2Functions.PERMIT2;

import dev.countersign.core.model.Bytes;
import java.util.Collections;
import java.util.List;

/// Hostile transactions.
final class HostileCalls {
  private static final Bytes TO_MALLORY = transfer(MALLORY, 5);
  private static final Bytes TO_ALICE = transfer(ALICE, 1);
  private static final Bytes ANY_CODE = Bytes.fromHex("0x12345678");
  private static final Bytes APPROVE_ALL =
      data("approve(address,uint256)", MALLORY, TokenFunctions.UNLIMITED);
  private static final Bytes SAFE_PAYS = execTransaction(TOKEN, 0, TO_MALLORY, 0);

  private HostileCalls() {}

  static List<Hostile> nested() {
    return List.of(
        Hostile.of(
            "A transfer in a multicall in a Safe in a multicall",
            unpack(
                SAFE,
                multicall(List.of(execTransaction(TOKEN, 0, multicall(List.of(TO_MALLORY)), 0)))),
            "wallet calls safe",
            "1 wallet calls safe",
            "1.1 safe calls token",
            "1.1.1 safe moves 5 of token from safe to mallory"),
        Hostile.of(
            "An allowance and its use behind a harmless transfer",
            unpack(
                SAFE,
                execTransaction(
                    MULTI_SEND,
                    0,
                    multiSend(
                        packed(0, TOKEN, 0, TO_ALICE),
                        packed(0, TOKEN, 0, APPROVE_ALL),
                        packed(
                            0,
                            TOKEN,
                            0,
                            data("transferFrom(address,address,uint256)", SAFE, MALLORY, 5L))),
                    1)),
            "wallet calls safe",
            "1 safe runs the code of multisend",
            "1.1 safe moves 1 of token from safe to alice",
            "1.2 safe lets mallory take everything of token from safe",
            "1.3 safe moves 5 of token from safe to mallory"),
        Hostile.of(
            "The wallet's tokens moved by the allowance it once gave to Multicall3",
            unpack(
                MULTICALL3,
                data(
                    "aggregate3((address,bool,bytes)[])",
                    List.of(
                        List.of(
                            TOKEN,
                            true,
                            data("transferFrom(address,address,uint256)", WALLET, MALLORY, 5L))))),
            "wallet calls multicall3",
            "1 multicall3 moves 5 of token from wallet to mallory"),
        Hostile.of(
            "Native value spread over the calls of a batch",
            unpack(
                MULTICALL3,
                9,
                data(
                    "aggregate3Value((address,bool,uint256,bytes)[])",
                    List.of(
                        List.of(ALICE, false, 1L, Bytes.EMPTY),
                        List.of(MALLORY, true, 8L, Bytes.EMPTY)))),
            "wallet calls multicall3 with 9",
            "1 multicall3 pays 1 to alice",
            "2 multicall3 pays 8 to mallory"),
        Hostile.of(
            "Native value on a token transfer",
            unpack(TOKEN, 9, TO_ALICE),
            "wallet calls token with 9",
            "1 wallet moves 1 of token from wallet to alice"),
        Hostile.of(
            "A transfer put off in a timelock",
            unpack(
                CONTRACT,
                data(
                    "schedule(address,uint256,bytes,bytes32,bytes32,uint256)",
                    TOKEN,
                    0L,
                    TO_MALLORY,
                    word(0),
                    word(0),
                    86_400L)),
            "wallet calls contract",
            "1 contract moves 5 of token from contract to mallory"),
        Hostile.of(
            "Calls nested deeper than anyone reads",
            unpack(TOKEN, nestedTimes(20)),
            "refused: at most 8 levels"),
        Hostile.of(
            "10,000 calls in one",
            unpack(TOKEN, multicall(Collections.nCopies(10_000, ANY_CODE))),
            "refused: at most 256 actions"),
        Hostile.of(
            "A call of three bytes in a multicall",
            unpack(TOKEN, multicall(List.of(TO_ALICE, Bytes.fromHex("0xa9059c")))),
            "refused: selector of 4 bytes"),
        Hostile.of(
            "A carrier of nothing", unpack(TOKEN, multicall(List.of())), "wallet calls token"));
  }

  static List<Hostile> code() {
    return List.of(
        Hostile.of(
            "A Safe made to run unknown code",
            unpack(SAFE, execTransaction(MALLORY, 0, TO_ALICE, 1)),
            "wallet calls safe",
            "1 safe runs the code of mallory"),
        Hostile.of(
            "A delegate call within MultiSend within a Safe",
            unpack(
                SAFE,
                execTransaction(
                    MULTI_SEND,
                    0,
                    multiSend(packed(0, TOKEN, 0, TO_ALICE), packed(1, MALLORY, 0, ANY_CODE)),
                    1)),
            "wallet calls safe",
            "1 safe runs the code of multisend",
            "1.1 safe moves 1 of token from safe to alice",
            "1.2 safe runs the code of mallory"),
        Hostile.of(
            "A library that only claims to be MultiSend",
            unpack(SAFE, execTransaction(MALLORY, 0, multiSend(packed(0, TOKEN, 0, TO_ALICE)), 1)),
            "wallet calls safe",
            "1 safe runs the code of mallory",
            "1.1 safe moves 1 of token from safe to alice"),
        Hostile.of(
            "A Safe operation that does not exist",
            unpack(SAFE, execTransaction(MALLORY, 0, TO_ALICE, 2)),
            "refused: expected 0 (call) or 1 (delegate call), got 2"),
        Hostile.of(
            "A Safe drained by its gas refund",
            unpack(
                SAFE,
                data(
                    "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
                    TOKEN,
                    0L,
                    TO_ALICE,
                    0L,
                    0L,
                    1_000_000L,
                    1_000_000_000L,
                    TOKEN,
                    MALLORY,
                    Bytes.EMPTY)),
            "refused: no gas refund"),
        Hostile.of(
            "A Safe transaction approved by its hash",
            unpack(SAFE, data("approveHash(bytes32)", word(9))),
            "wallet calls safe",
            "1 wallet signs a digest"),
        Hostile.of(
            "A proxy upgraded and called at once",
            unpack(CONTRACT, data("upgradeToAndCall(address,bytes)", MALLORY, ANY_CODE)),
            "wallet makes contract run the code of mallory",
            "1 contract runs the code of mallory"),
        Hostile.of(
            "A proxy upgraded by its admin, in a timelock's batch",
            unpack(
                CONTRACT,
                data(
                    "scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)",
                    List.of(ALICE),
                    List.of(0L),
                    List.of(data("upgrade(address,address)", TOKEN, MALLORY)),
                    word(0),
                    word(0),
                    0L)),
            "wallet calls contract",
            "1 contract calls alice",
            "1.1 alice makes token run the code of mallory"),
        Hostile.of(
            "A proxy account that runs code given to it",
            unpack(CONTRACT, data("execute(address,bytes)", MALLORY, ANY_CODE)),
            "wallet calls contract",
            "1 contract runs the code of mallory"),
        Hostile.of(
            "A delegate call in an ERC-7579 mode",
            unpack(CONTRACT, modular("ff", concat(MALLORY.bytes(), ANY_CODE))),
            "wallet calls contract",
            "1 contract runs the code of mallory"),
        Hostile.of(
            "An ERC-7579 mode nobody knows",
            unpack(CONTRACT, modular("02", concat(TOKEN.bytes(), word(0), TO_ALICE))),
            "refused: call type"),
        Hostile.of(
            "A target that means the account itself in one version and nobody in another",
            unpack(MULTI_SEND, multiSend(packed(0, ZERO, 0, TO_ALICE))),
            "refused: zero address"));
  }

  static List<Hostile> allowances() {
    return List.of(
        Hostile.of(
            "A Permit2 batch with an unlimited allowance behind a small one",
            unpack(
                PERMIT2,
                data(
                    "permit(address,((address,uint160,uint48,uint48)[],address,uint256),bytes)",
                    WALLET,
                    List.of(
                        List.of(
                            List.of(TOKEN, 1L, 0L, 0L),
                            List.of(CONTRACT, TokenFunctions.UNLIMITED.shiftRight(96), 0L, 1L)),
                        MALLORY,
                        9L),
                    Bytes.EMPTY)),
            "wallet calls permit2",
            "1 wallet lets mallory take 1 of token from wallet",
            "2 wallet lets mallory take everything of contract from wallet"),
        Hostile.of(
            "A contract that only looks like Permit2",
            unpack(MALLORY, data("approve(address,address,uint160,uint48)", TOKEN, ALICE, 1L, 9L)),
            "wallet calls mallory",
            "1 wallet lets alice take 1 of token from wallet"),
        Hostile.of(
            "An allowance raised instead of set",
            unpack(TOKEN, data("increaseAllowance(address,uint256)", MALLORY, 5L)),
            "wallet lets mallory take 5 more of token from wallet"),
        Hostile.of(
            "Every NFT of a collection given away in a multicall",
            unpack(
                TOKEN, multicall(List.of(data("setApprovalForAll(address,bool)", MALLORY, true)))),
            "wallet calls token",
            "1 wallet lets mallory take any of token from wallet"),
        Hostile.of(
            "NFT number 0 given away by an allowance of 0",
            unpack(TOKEN, data("approve(address,uint256)", MALLORY, 0L)),
            "wallet lets mallory take 0 of token from wallet"));
  }

  static List<Hostile> encodings() {
    return List.of(
        Hostile.of(
            "Dirt in the padding of an address",
            unpack(TOKEN, with(TO_ALICE, 4, 1)),
            "refused: transfer(address,uint256)"),
        Hostile.of(
            "Dirt above the width of an integer",
            unpack(
                PERMIT2,
                with(
                    data("approve(address,address,uint160,uint48)", TOKEN, ALICE, 1L, 9L),
                    4 + 64,
                    1)),
            "refused: approve(address,address,uint160,uint48)"),
        Hostile.of(
            "A boolean of 2",
            unpack(TOKEN, with(data("setApprovalForAll(address,bool)", MALLORY, false), 67, 2)),
            "refused: setApprovalForAll(address,bool)"),
        Hostile.of(
            "Bytes behind the arguments",
            unpack(TOKEN, concat(TO_ALICE, MALLORY.bytes())),
            "refused: transfer(address,uint256)"),
        Hostile.of(
            "Arguments cut short, to be filled with zeros",
            unpack(TOKEN, TO_ALICE.slice(0, 67)),
            "refused: transfer(address,uint256)"),
        Hostile.of(
            "Two items at one offset",
            unpack(
                TOKEN,
                concat(
                    Bytes.fromHex("0xac9650d8"),
                    word(0x20),
                    word(2),
                    word(0x40),
                    word(0x40),
                    word(4),
                    Bytes.fromHex("0x12345678" + "00".repeat(28)))),
            "refused: multicall(bytes[])"),
        Hostile.of(
            "A gap that hides a second list of calls",
            unpack(TOKEN, concat(Bytes.fromHex("0xac9650d8"), word(0x40), word(0), word(0))),
            "refused: multicall(bytes[])"),
        Hostile.of(
            "An offset beyond all data",
            unpack(
                TOKEN, concat(Bytes.fromHex("0xac9650d8"), Bytes.fromHex("0x" + "ff".repeat(32)))),
            "refused: multicall(bytes[])"),
        Hostile.of(
            "A length of two thousand million",
            unpack(TOKEN, concat(Bytes.fromHex("0xac9650d8"), word(0x20), word(0x7fffffff))),
            "refused: multicall(bytes[])"),
        Hostile.of(
            "More targets than calls",
            unpack(
                CONTRACT,
                data(
                    "executeBatch(address[],uint256[],bytes[])",
                    List.of(TOKEN, TOKEN),
                    List.of(0L, 0L),
                    List.of(TO_ALICE))),
            "refused: 2 and 1 items"),
        Hostile.of(
            "A byte behind the transactions of MultiSend",
            unpack(
                SAFE,
                execTransaction(
                    MULTI_SEND,
                    0,
                    multiSend(packed(0, TOKEN, 0, TO_ALICE), Bytes.fromHex("0x00")),
                    1)),
            "refused: multiSend"),
        Hostile.of(
            "Dirt in the padding, three carriers deep",
            unpack(
                SAFE,
                multicall(
                    List.of(
                        execTransaction(TOKEN, 0, multicall(List.of(with(TO_ALICE, 4, 1))), 0)))),
            "refused: transfer(address,uint256)"),
        Hostile.of(
            "A Safe transaction with bytes behind it",
            unpack(SAFE, concat(SAFE_PAYS, word(0))),
            "refused: execTransaction"));
  }

  private static Bytes nestedTimes(int levels) {
    Bytes data = TO_MALLORY;
    for (int i = 0; i < levels; i++) {
      data = multicall(List.of(data));
    }
    return data;
  }

  private static Bytes modular(String callType, Bytes execution) {
    return data(
        "execute(bytes32,bytes)", Bytes.fromHex("0x" + callType + "00".repeat(31)), execution);
  }
}
