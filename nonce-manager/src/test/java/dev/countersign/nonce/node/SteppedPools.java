package dev.countersign.nonce.node;

import dev.countersign.nonce.chain.ChainDefinitions;
import java.time.Duration;
import java.time.InstantSource;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/// Node pools whose questions never reach a network, and that do nothing on the side.
public final class SteppedPools {
  private static final Duration LONG = Duration.ofSeconds(60);

  /// What is dear to make: a client reads all certificates of the JDK.
  private static final OkHttpClient SHARED = new OkHttpClient();

  private SteppedPools() {}

  /// @param nodes answers what is asked
  public static NodePools of(ChainDefinitions chains, InstantSource clock, Interceptor nodes) {
    return new NodePools(
        chains,
        new NodeSettings(LONG, LONG, Duration.ofMillis(1), 100, Duration.ofSeconds(20), LONG),
        clock,
        SHARED.newBuilder().addInterceptor(nodes).build(),
        Runnable::run);
  }
}
