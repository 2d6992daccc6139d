package dev.countersign.endtoend;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ContractCall;
import dev.countersign.api.v1.Erc20Transfer;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import java.math.BigInteger;

/// Messages to the signing service, all of one wallet on the test chain.
///
/// @param wallet the wallet's id
/// @param chain the chain's CAIP-2 id
record Asking(String wallet, String chain) {

  SignTransactionRequest.Builder request(String requestId) {
    return SignTransactionRequest.newBuilder()
        .setRequestId(requestId)
        .setWallet(wallet)
        .setChain(chain);
  }

  SignTransactionRequest send(String requestId, String to, BigInteger wei) {
    return send(requestId, to, wei.toString()).build();
  }

  /// The amount as it goes over the wire, right or wrong.
  SignTransactionRequest.Builder send(String requestId, String to, String amount) {
    return request(requestId)
        .setNativeTransfer(NativeTransfer.newBuilder().setTo(to).setAmount(amount));
  }

  SignTransactionRequest sendToken(String requestId, String token, String to, BigInteger amount) {
    return request(requestId)
        .setErc20Transfer(
            Erc20Transfer.newBuilder().setToken(token).setTo(to).setAmount(amount.toString()))
        .build();
  }

  SignTransactionRequest call(String requestId, String contract, byte[] data) {
    return request(requestId)
        .setContractCall(
            ContractCall.newBuilder().setTo(contract).setData(ByteString.copyFrom(data)))
        .build();
  }
}
