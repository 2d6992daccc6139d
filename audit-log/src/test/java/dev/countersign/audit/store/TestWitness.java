package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Ed25519CheckpointSigner;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.witness.Witness;
import dev.countersign.audit.witness.WitnessEndpoint;
import dev.countersign.audit.witness.WitnessServer;
import dev.countersign.audit.witness.WitnessState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.List;

/// A real witness of a log, on a port of its own that it keeps when it is stopped and started.
final class TestWitness implements AutoCloseable {
  private final String name;
  private final Path directory;
  private final VerifierKey log;
  private CheckpointSigner key;
  private WitnessState state;
  private WitnessServer server;
  private int port;

  TestWitness(String name, Path directory, VerifierKey log) {
    this.name = name;
    this.directory = directory.resolve(name);
    this.log = log;
    this.key = signer(name);
    this.state = open();
    this.server = serve();
    this.port = server.port();
  }

  static CheckpointSigner signer(String name) {
    try {
      return new Ed25519CheckpointSigner(
          name, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private WitnessState open() {
    try {
      return WitnessState.open(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Witness witness() {
    return new Witness(key, List.of(log), state, InstantSource.system());
  }

  private WitnessServer serve() {
    try {
      return WitnessServer.start(
          witness(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Asks it directly.
  Witness direct() {
    return witness();
  }

  WitnessKey key() {
    return witness().verifierKey();
  }

  WitnessEndpoint endpoint() {
    return new WitnessEndpoint(key(), URI.create("http://127.0.0.1:" + port));
  }

  void stop() {
    close();
  }

  void start() {
    state = open();
    server = serve();
  }

  /// Starts again with another key, and what it knew.
  void replaceKey() {
    stop();
    key = signer(name);
    start();
  }

  @Override
  public void close() {
    server.close();
    try {
      state.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
