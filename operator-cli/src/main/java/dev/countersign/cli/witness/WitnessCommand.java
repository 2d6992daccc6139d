package dev.countersign.cli.witness;

import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.witness.Witness;
import dev.countersign.audit.witness.WitnessServer;
import dev.countersign.cli.CommandException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign witness`.
@Command(
    name = "witness",
    description = {
      "Runs a witness: a small server that cosigns a log's checkpoints as long as the log only"
          + " grows, and never again two histories of it. Run it where the log's operators cannot"
          + " reach it; it speaks C2SP tlog-witness."
    })
public final class WitnessCommand implements Runnable {
  private static final int PORT = 7090;

  @Option(
      names = "--home",
      required = true,
      paramLabel = "DIR",
      description = {
        "Where it keeps its key and what it cosigned last. Made at the first start. To set it back"
            + " to a copy is to forget."
      })
  private Path home = Path.of("");

  @Option(
      names = "--log",
      required = true,
      paramLabel = "KEY",
      description = "The key of a log to witness, name+id+base64. May be given again.")
  private List<String> logs = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = {
        "The witness's own name, such as witness.example.com/1. Needed at the first start, for the"
            + " key that it makes then."
      })
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "The address to listen on, without TLS. Default: ${DEFAULT-VALUE}")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "" + PORT,
      description = "The port to listen on; 0 takes a free one. Default: ${DEFAULT-VALUE}")
  private int port = PORT;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    // A client that sends slower than this is no log.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "10");
    System.setProperty("jdk.httpserver.maxConnections", "256");
    var keys = logs.stream().map(WitnessCommand::key).toList();
    try (var opened = WitnessHome.open(home, name);
        var server = start(witness(opened, keys))) {
      var out = spec.commandLine().getOut();
      out.println("witness: " + Cosignature.keyOf(opened.key()));
      out.println("listening: http://%s:%d/".formatted(host, server.port()));
      keys.forEach(log -> out.println("witnessing: " + log.name()));
      out.flush();
      new CountDownLatch(1).await(); // until the process is told to end
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private WitnessServer start(Witness witness) {
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw CommandException.usage("--host " + host + " is not an address of this machine");
    }
    try {
      return WitnessServer.start(witness, address, this::complain);
    } catch (IOException e) {
      throw CommandException.unavailable(
          "cannot listen on %s:%d: %s".formatted(host, port, e.getMessage()), e);
    }
  }

  private void complain(String what) {
    var err = spec.commandLine().getErr();
    err.println(InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS) + " " + what);
    err.flush();
  }

  private static Witness witness(WitnessHome opened, List<VerifierKey> keys) {
    try {
      return new Witness(opened.key(), keys, opened.state(), InstantSource.system());
    } catch (InvalidNoteException e) {
      throw CommandException.usage("--log: " + e.getMessage());
    }
  }

  private static VerifierKey key(String text) {
    try {
      return VerifierKey.parse(text);
    } catch (InvalidNoteException e) {
      throw CommandException.usage("--log: " + e.getMessage());
    }
  }
}
