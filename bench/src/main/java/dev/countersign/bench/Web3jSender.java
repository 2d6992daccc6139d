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

  /// As long as the service has before it is measured.
  static final Duration RAMP_UP = Duration.ofSeconds(5);

  private Web3jSender() {}

  static double landedPerSecond(URI url, ChainRpc chain, String to, Duration howLong)
      throws Exception {
    var credentials = Credentials.create(Keys.createEcKeyPair());
    chain.setBalance(credentials.getAddress(), BigInteger.TEN.pow(24));
    BigInteger price = gasPrice(chain);
    Web3j node = Web3j.build(new HttpService(url.toString()));
    try {
      var manager = new FastRawTransactionManager(node, credentials, chain.chainId());
      long measured = System.nanoTime() + RAMP_UP.toNanos();
      while (System.nanoTime() < measured) {
        send(manager, price, to);
      }
      long before = chain.transactionCount(credentials.getAddress());
      long end = measured + howLong.toNanos();
      while (System.nanoTime() < end) {
        send(manager, price, to);
      }
      double seconds = (System.nanoTime() - measured) / 1e9;
      long mined = chain.transactionCount(credentials.getAddress()) - before;
      if (mined == 0) {
        throw new IllegalStateException(
            "the chain mined nothing of what web3j sent; it is in block %d and asks %s wei for gas, web3j offers %s"
                .formatted(chain.blockNumber(), gasPrice(chain), price.multiply(BigInteger.TWO)));
      }
      return mined / seconds;
    } finally {
      node.shutdown();
    }
  }

  private static BigInteger gasPrice(ChainRpc chain) {
    return new BigInteger(chain.call("eth_gasPrice").asText().substring(2), 16);
  }

  private static void send(FastRawTransactionManager manager, BigInteger price, String to)
      throws IOException {
    var sent = manager.sendTransaction(price.multiply(BigInteger.TWO), GAS, to, "", BigInteger.ONE);
    if (sent.hasError()) {
      throw new IllegalStateException("web3j: " + sent.getError().getMessage());
    }
  }
}
