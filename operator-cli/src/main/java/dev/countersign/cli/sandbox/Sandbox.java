package dev.countersign.cli.sandbox;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.SandboxDescription;
import dev.countersign.cli.terminal.Steps;
import dev.countersign.testenv.FileTrees;
import dev.countersign.testenv.LocalEnvironment;
import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.chain.DevChainOptions;
import dev.countersign.testenv.chain.Mining;
import dev.countersign.testenv.process.LoopbackPort;
import dev.countersign.testenv.process.ProcessHome;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/// A home with everything that a sandbox is made of, and the order in which it comes up. Closing it
/// stops all processes; they also stop when this JVM ends, however it ends.
final class Sandbox implements AutoCloseable {
  private final ProcessHome processes;
  private final SandboxFolder folder;
  private final Steps steps;
  private final SecureRandom random = new SecureRandom();
  private final Announcement announcement;

  private Sandbox(ProcessHome processes, Steps steps) {
    this.processes = processes;
    this.folder = new SandboxFolder(processes.directory());
    this.steps = steps;
    this.announcement = new Announcement(processes.directory());
  }

  /// Takes the home; from here on `sandbox.json` says that it is not ready.
  ///
  /// @throws dev.countersign.testenv.TestEnvironmentException when another process has it
  static Sandbox open(Path home, Steps steps) {
    var processes = steps.during("taking " + home, () -> ProcessHome.open(home, steps.progress()));
    return new Sandbox(processes, steps);
  }

  /// Brings everything up.
  ///
  /// @param wallets how many there are to be at least
  /// @throws CommandException when a step fails; close it then
  RunningSandbox start(int wallets) {
    try {
      announcement.publish(SandboxDescription.notReady(folder.home()));
      return tryStart(wallets);
    } catch (IOException e) {
      throw ServerFiles.cannotWrite(folder.home(), e);
    }
  }

  private RunningSandbox tryStart(int wallets) throws IOException {
    var environment = environment();
    steps.done("token", "SoftHSM, " + environment.token().label() + ", keys cannot leave it");
    steps.done("database", "PostgreSQL, " + environment.database().jdbcUrl());
    steps.done("chain", Treasury.CHAIN + ", " + environment.chain().rpcUrl());
    DatabaseLogins.provide(environment.database(), folder, random);
    OwnerOnly.hexKey(folder.permitKey(), random);
    var certificates = Certificates.provide(folder.certificates(), random, InstantSource.system());
    ProtoFolder.write(folder.protos());
    var files =
        new ServerFiles(
            folder,
            environment,
            certificates,
            LoopbackPort.free(),
            LoopbackPort.free(),
            LoopbackPort.free());
    var server =
        new PolicedServer(processes, files, Founder.provide(folder, random), wallets, steps)
            .start();
    var sandbox = new RunningSandbox(files, server.process(), server.treasury());
    sandbox.provideToken(InstantSource.system());
    return sandbox;
  }

  /// The environment of the last run if it is whole, else a new one.
  private LocalEnvironment environment() throws IOException {
    var environment =
        steps.during("starting SoftHSM, PostgreSQL and the dev chain", this::provideEnvironment);
    if (ChainMemory.isWhole(environment.database(), environment.chain().rpc())) {
      return environment;
    }
    steps.line(
        "  The chain has lost blocks that the database remembers (it was killed while writing):"
            + " starting over with a new chain, database, token and log.");
    environment.chain().stop();
    environment.database().server().stop();
    for (Path part : folder.state()) {
      FileTrees.delete(part);
    }
    return steps.during("starting over", this::provideEnvironment);
  }

  private LocalEnvironment provideEnvironment() {
    return LocalEnvironment.start(
        processes,
        ToolCache.ofUser(),
        new DevChainOptions(DevChainOptions.LOCAL_CHAIN_ID, new Mining.Automatic(), true),
        steps.progress());
  }

  void announce(SandboxDescription description) {
    try {
      announcement.publish(description);
    } catch (IOException e) {
      throw ServerFiles.cannotWrite(folder.home(), e);
    }
  }

  @Override
  public void close() {
    announcement.withdraw();
    // Closed already when its first parts could not be provided, or when the JVM is stopping.
    if (processes.isOpen()) {
      steps.during("stopping", this::stop);
    }
  }

  private boolean stop() {
    processes.close();
    return true;
  }
}
