package dev.countersign.testenv.junit;

import dev.countersign.testenv.FileTrees;
import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.chain.DevChainOptions;
import dev.countersign.testenv.postgres.PostgresServer;
import dev.countersign.testenv.process.ProcessHome;
import dev.countersign.testenv.softhsm.P11KitInstallation;
import dev.countersign.testenv.softhsm.RemoteToken;
import dev.countersign.testenv.softhsm.SoftHsmInstallation;
import dev.countersign.testenv.softhsm.SoftHsmProvisioner;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What the tests of one JVM share: a home under the user's cache, deleted when the JVM exits
/// (or, when it was killed, by the next JVM that runs tests), a database server and a token.
///
/// It lives as long as the JVM and not as long as a test run, because the PKCS#11 library does.
final class JvmEnvironment {
  private static @Nullable JvmEnvironment current;

  private final ToolCache cache = ToolCache.ofUser();
  private final Progress progress = step -> System.out.println("[testenv] " + step);
  private final AtomicInteger chains = new AtomicInteger();
  private final ProcessHome home;
  private @Nullable PostgresServer postgres;
  private @Nullable SoftHsmToken token;
  private @Nullable RemoteToken remoteToken;

  private JvmEnvironment() {
    try {
      var homes = OwnerOnly.directory(cache.root().resolve("test-runs"));
      // One JVM at a time, or another's new home might look abandoned before it is taken.
      try (var gate =
              FileChannel.open(
                  cache.root().resolve("test-runs.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var held = gate.lock()) {
        if (held.isValid()) {
          removeAbandoned(homes);
        }
        home =
            ProcessHome.open(
                homes.resolve(ProcessHandle.current().pid() + "-" + System.nanoTime()), progress);
      }
    } catch (IOException e) {
      throw new TestEnvironmentException(
          "cannot write below " + cache.root() + ": " + e.getMessage(), e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::discard, "countersign-testenv"));
  }

  static synchronized JvmEnvironment get() {
    if (current == null) {
      current = new JvmEnvironment();
    }
    return current;
  }

  synchronized PostgresServer postgres() {
    if (postgres == null) {
      postgres = PostgresServer.startForTests(home, cache, progress);
    }
    // A test that stopped the server and failed must not take the next ones with it.
    postgres.start();
    return postgres;
  }

  synchronized SoftHsmToken token() {
    if (token == null) {
      token =
          new SoftHsmProvisioner(SoftHsmInstallation.find(cache, progress), new SecureRandom())
              .provision(home.directory().resolve("softhsm"), "countersign-test");
      token.useInThisProcess();
    }
    return token;
  }

  synchronized RemoteToken remoteToken() {
    if (remoteToken == null) {
      var behind =
          new SoftHsmProvisioner(SoftHsmInstallation.find(cache, progress), new SecureRandom())
              .provision(home.directory().resolve("softhsm-remote"), "countersign-remote");
      remoteToken = RemoteToken.start(home, P11KitInstallation.find(cache, progress), behind);
      remoteToken.useInThisProcess();
    }
    // A test that killed the server and failed must not take the next ones with it.
    remoteToken.start();
    return remoteToken;
  }

  DevChain startChain(DevChainOptions options) {
    return DevChain.start(home, cache, progress, "chain-" + chains.incrementAndGet(), options);
  }

  private void removeAbandoned(Path homes) throws IOException {
    try (var others = Files.newDirectoryStream(homes)) {
      for (Path other : others) {
        if (!ProcessHome.isHome(other)) {
          // Its owner was killed while deleting it.
          FileTrees.delete(other);
          continue;
        }
        // In two steps, so that the processes have ended before their files go.
        var abandoned = ProcessHome.tryOpen(other, progress);
        if (abandoned.isPresent()) {
          abandoned.get().close();
          FileTrees.delete(other);
        }
      }
    }
  }

  private void discard() {
    home.close();
    try {
      FileTrees.delete(home.directory());
    } catch (IOException e) {
      System.out.println("[testenv] cannot delete " + home.directory() + ": " + e.getMessage());
    }
  }
}
