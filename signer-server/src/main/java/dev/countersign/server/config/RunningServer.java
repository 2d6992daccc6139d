package dev.countersign.server.config;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.store.BrokenLogException;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.nonce.chain.ChainDefinitionException;
import dev.countersign.server.jsonrpc.JsonRpc;
import dev.countersign.server.publish.LogPublishing;
import dev.countersign.server.settings.Settings;
import io.grpc.Server;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server that takes calls, until it is closed.
public final class RunningServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);

  private final ApplicationContext context;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private @Nullable ServerLifecycle lifecycle;

  private RunningServer(ApplicationContext context) {
    this.context = context;
  }

  /// Health and metrics start first, so that they can be asked while the rest waits for the
  /// database.
  ///
  /// @throws StartException when somebody must do something first
  public static RunningServer start(Settings settings) throws InterruptedException {
    RunningServer server = new RunningServer(context(settings));
    try {
      server.start();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw explained(e);
    } catch (InterruptedException e) {
      server.close();
      throw e;
    }
  }

  /// The port that gRPC listens on.
  public int grpcPort() {
    return context.getBean(Server.class).getPort();
  }

  /// The port of health and metrics.
  public int httpPort() {
    return context.getBean(EmbeddedServer.class).getPort();
  }

  /// A part of it, for those who look into it.
  <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  /// Where JSON-RPC is served, without the path of a chain; nothing when it is not.
  public Optional<String> jsonRpcUrl() {
    return context.getBean(JsonRpc.class).url();
  }

  /// Returns once [#close] is done, whoever called it.
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  @Override
  public synchronized void close() {
    if (stopped.getCount() == 0) {
      return;
    }
    try {
      if (lifecycle != null) {
        lifecycle.stop();
      }
    } catch (InterruptedException e) {
      LOG.warn("interrupted while stopping");
      Thread.currentThread().interrupt();
    } finally {
      context.close();
      stopped.countDown();
    }
  }

  private void start() throws InterruptedException, IOException {
    context.start();
    EmbeddedServer http = context.getBean(EmbeddedServer.class).start();
    LOG.info("health and metrics are at {}", http.getURI());
    lifecycle = context.getBean(ServerLifecycle.class);
    lifecycle.start(BuildVersion.text());
  }

  private static ApplicationContext context(Settings settings) {
    return ApplicationContext.builder()
        .properties(properties(settings))
        // Nothing but the settings file configures this server.
        .enableDefaultPropertySources(false)
        .environmentPropertySource(false)
        .deduceEnvironment(false)
        .banner(false)
        .singletons(settings)
        .build();
  }

  private static Map<String, Object> properties(Settings settings) {
    int port = settings.http().port();
    return Map.ofEntries(
        Map.entry("micronaut.application.name", "countersign"),
        Map.entry("micronaut.server.host", settings.http().host()),
        // Micronaut's word for a free port is -1.
        Map.entry("micronaut.server.port", port == 0 ? -1 : port),
        Map.entry("micronaut.server.netty.server-type", "full_content"),
        Map.entry(LogPublishing.SWITCH, settings.audit().publish()),
        Map.entry("endpoints.all.enabled", false),
        Map.entry("endpoints.health.enabled", true),
        Map.entry("endpoints.health.details-visible", "ANONYMOUS"),
        Map.entry("endpoints.health.disk-space.enabled", false),
        Map.entry("endpoints.prometheus.enabled", true),
        Map.entry("endpoints.prometheus.sensitive", false),
        Map.entry("micronaut.metrics.enabled", true),
        Map.entry("micronaut.metrics.export.prometheus.enabled", true));
  }

  /// What is wrong with the server's surroundings, without the wiring's words around it; a fault of
  /// ours stays as it is.
  private static RuntimeException explained(Exception thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case StartException start -> {
          return start;
        }
        case IOException _,
            UncheckedIOException _,
            InvalidValueException _,
            ChainDefinitionException _,
            KeyBackendException _,
            InvalidNoteException _ -> {
          return new StartException(told(cause), thrown);
        }
        case BrokenLogException _ -> {
          return new StartException(told(cause) + "\n" + BrokenLogException.WAY_OUT, thrown);
        }
        default -> {}
      }
    }
    return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
  }

  private static String told(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null
        ? String.valueOf(thrown.getMessage())
        : thrown.getMessage() + ": " + told(cause);
  }
}
