package dev.countersign.testenv.junit;

import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.chain.DevChainOptions;
import dev.countersign.testenv.chain.Mining;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.RemoteToken;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/// Resolves parameters of these types, each started when first asked for:
///
/// - [PostgresDatabase]: a fresh, empty database for the test class (nested classes share it), on
///   a server shared by all classes of this JVM; dropped after the class
/// - [SoftHsmToken]: one token for this JVM, ready for PKCS#11 in this process; keys stay until
///   the JVM ends, so tests give theirs names of their own
/// - [RemoteToken]: another token for this JVM, behind a server that can be killed and started
/// again
/// - [DevChain]: a chain for the test class, as [DevChainSettings] says; stopped after the class
///
/// A part that cannot be provided fails the test with a message that says what to install;
/// nothing is skipped.
public final class TestEnvironment implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(TestEnvironment.class);
  private static final Set<Class<?>> PROVIDED =
      Set.of(PostgresDatabase.class, SoftHsmToken.class, RemoteToken.class, DevChain.class);
  private static final AtomicInteger DATABASES = new AtomicInteger();

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return PROVIDED.contains(type);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    if (type == SoftHsmToken.class) {
      return JvmEnvironment.get().token();
    }
    if (type == RemoteToken.class) {
      return JvmEnvironment.get().remoteToken();
    }
    if (type == DevChain.class) {
      return chain(settings(parameter, context), context);
    }
    return outermostClass(context)
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            ClassDatabase.class, key -> new ClassDatabase(create(context)), ClassDatabase.class)
        .database();
  }

  private static DevChain chain(DevChainOptions options, ExtensionContext context) {
    var chain =
        outermostClass(context)
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent(
                options, wanted -> JvmEnvironment.get().startChain(wanted), DevChain.class);
    // A test that stopped the chain and failed must not take the next ones with it.
    chain.start();
    return chain;
  }

  private static DevChainOptions settings(ParameterContext parameter, ExtensionContext context) {
    return parameter
        .findAnnotation(DevChainSettings.class)
        .or(
            () ->
                AnnotationSupport.findAnnotation(
                    context.getRequiredTestClass(),
                    DevChainSettings.class,
                    context.getEnclosingTestClasses()))
        .map(TestEnvironment::options)
        .orElseGet(() -> DevChainOptions.automatic(DevChainOptions.LOCAL_CHAIN_ID));
  }

  private static DevChainOptions options(DevChainSettings settings) {
    long millis = settings.blockMillis();
    Mining mining =
        millis == 0
            ? new Mining.Automatic()
            : millis == -1 ? new Mining.OnDemand() : new Mining.Interval(Duration.ofMillis(millis));
    return new DevChainOptions(settings.chainId(), mining, false);
  }

  /// A fresh, empty database on the same server, for tests that no extension of JUnit Jupiter
  /// reaches, such as jqwik's; it lasts as long as this JVM, unless it is dropped before.
  public static PostgresDatabase newDatabase(Class<?> testClass) {
    return create(testClass);
  }

  private static PostgresDatabase create(ExtensionContext context) {
    return create(outermostClass(context).getRequiredTestClass());
  }

  private static PostgresDatabase create(Class<?> testClass) {
    var test = testClass.getSimpleName();
    var name =
        test.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_")
            + "_"
            + DATABASES.incrementAndGet();
    return JvmEnvironment.get()
        .postgres()
        .createDatabase("t_" + name.substring(Math.max(0, name.length() - 60)));
  }

  private static ExtensionContext outermostClass(ExtensionContext context) {
    var outermost = context;
    for (var at = context; at.getTestClass().isPresent(); at = at.getParent().orElseThrow()) {
      outermost = at;
    }
    return outermost;
  }

  /// Closed with the class it belongs to.
  private record ClassDatabase(PostgresDatabase database) implements AutoCloseable {
    @Override
    public void close() {
      if (database.server().isRunning()) {
        database.drop();
      }
    }
  }
}
