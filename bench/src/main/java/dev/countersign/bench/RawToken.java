package dev.countersign.bench;

import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.softhsm.SoftHsmInstallation;
import dev.countersign.testenv.softhsm.SoftHsmProvisioner;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The floor: what a SoftHSM token signs when nothing else is in the way.
///
/// @param perSecond signatures over secp256k1 through SunPKCS11, all threads together
/// @param cpuMicrosEach CPU time of one of them
record RawToken(double perSecond, double cpuMicrosEach) {

  static RawToken measure(Path directory, int threads, Duration howLong)
      throws IOException, GeneralSecurityException, InterruptedException, ExecutionException {
    SoftHsmToken token =
        new SoftHsmProvisioner(
                SoftHsmInstallation.find(ToolCache.ofUser(), IO::println), new SecureRandom())
            .provision(directory, "bench");
    token.useInThisProcess();
    Provider provider = login(token, directory);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
    generator.initialize(new ECGenParameterSpec("secp256k1"));
    KeyPair pair = generator.generateKeyPair();
    sign(provider, pair, threads, howLong.dividedBy(4));
    Duration cpuBefore = ownCpu();
    long began = System.nanoTime();
    long signed = sign(provider, pair, threads, howLong);
    double seconds = (System.nanoTime() - began) / 1e9;
    Duration cpu = ownCpu().minus(cpuBefore);
    return new RawToken(signed / seconds, cpu.toNanos() / 1e3 / signed);
  }

  private static Provider login(SoftHsmToken token, Path directory)
      throws IOException, GeneralSecurityException {
    Path file = directory.resolve("sunpkcs11.cfg");
    Files.writeString(
        file, "name = Bench\nlibrary = %s\nslot = %d\n".formatted(token.module(), token.slot()));
    Provider provider = Security.getProvider("SunPKCS11").configure(file.toString());
    char[] pin = token.pin();
    KeyStore.getInstance("PKCS11", provider).load(null, pin);
    Arrays.fill(pin, '\0');
    return provider;
  }

  private static long sign(Provider provider, KeyPair pair, int threads, Duration howLong)
      throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + howLong.toNanos();
    Callable<Long> signing =
        () -> {
          Signature signature = Signature.getInstance("NONEwithECDSAinP1363Format", provider);
          byte[] digest = new byte[32];
          long count = 0;
          while (System.nanoTime() < end) {
            signature.initSign(pair.getPrivate());
            signature.update(digest);
            digest[0] = signature.sign()[0];
            count++;
          }
          return count;
        };
    try (var executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        counts.add(executor.submit(signing));
      }
      long total = 0;
      for (Future<Long> count : counts) {
        total += count.get();
      }
      return total;
    }
  }

  private static Duration ownCpu() {
    var os =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Duration.ofNanos(os.getProcessCpuTime());
  }
}
