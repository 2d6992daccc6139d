package dev.countersign.bench;

import dev.countersign.testenv.chain.ChainRpc;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Keys;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.FastRawTransactionManager;

/// web3j's own way to send many transactions of one account: the nonce counted in memory, the key
/// in memory, nothing written down.
final class Web3jSender {
  private static final BigInteger GAS = BigInteger.valueOf(21_000);

  private Web3jSender() {}

  static double landedPerSecond(URI url, ChainRpc chain, String to, Duration howLong)
      throws Exception {
    var credentials = Credentials.create(Keys.createEcKeyPair());
    chain.setBalance(credentials.getAddress(), BigInteger.TEN.pow(24));
    BigInteger price = new BigInteger(chain.call("eth_gasPrice").asText().substring(2), 16);
    Web3j node = Web3j.build(new HttpService(url.toString()));
    try {
      var manager = new FastRawTransactionManager(node, credentials, chain.chainId());
      long end = System.nanoTime() + howLong.toNanos();
      long began = System.nanoTime();
      while (System.nanoTime() < end) {
        send(manager, price, to);
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      return chain.transactionCount(credentials.getAddress()) / seconds;
    } finally {
      node.shutdown();
    }
  }

  private static void send(FastRawTransactionManager manager, BigInteger price, String to)
      throws IOException {
    var sent = manager.sendTransaction(price.multiply(BigInteger.TWO), GAS, to, "", BigInteger.ONE);
    if (sent.hasError()) {
      throw new IllegalStateException("web3j: " + sent.getError().getMessage());
    }
  }
}
