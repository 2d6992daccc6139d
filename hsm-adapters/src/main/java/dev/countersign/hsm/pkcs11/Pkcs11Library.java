package dev.countersign.hsm.pkcs11;

import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.hsm.pkcs11.Cryptoki.TokenInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PKCS#11 library in this process. There is one of each file, because the library itself keeps
/// one state for the whole process: initialised or not, its sessions, who is logged in.
///
/// Work with sessions runs under the shared lock. Whatever makes handles invalid (closing sessions,
/// restarting) runs alone, so that no call can reach an object by a number that names another one
/// by now.
final class Pkcs11Library {
  private static final Logger LOG = LoggerFactory.getLogger(Pkcs11Library.class);
  private static final Map<Path, Pkcs11Library> LOADED = new HashMap<>();

  private final Path path;
  private final Cryptoki cryptoki;
  private final SunCryptoki sun;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Set<TokenSession> sessions = new LinkedHashSet<>();

  private Pkcs11Library(Path path) {
    this.path = path;
    this.cryptoki = Cryptoki.load(path);
    this.sun = SunCryptoki.of(path);
  }

  /// @throws KeyBackendException of kind BROKEN when there is no such library
  static Pkcs11Library at(Path file) {
    try {
      Path path = file.toRealPath();
      synchronized (LOADED) {
        Pkcs11Library loaded = LOADED.get(path);
        if (loaded == null) {
          loaded = new Pkcs11Library(path);
          LOADED.put(path, loaded);
        }
        return loaded;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new KeyBackendException(
          Kind.BROKEN,
          "the PKCS#11 library %s cannot be loaded; expected a shared library for this machine: %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  Path path() {
    return path;
  }

  Cryptoki cryptoki() {
    return cryptoki;
  }

  /// Runs `task` while nothing takes its handles away.
  <T> T shared(Callable<T> task) throws Exception {
    lock.readLock().lock();
    try {
      return task.call();
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Opens a session with a token, and initialises the library if nobody has.
  TokenSession open(Callable<TokenSession> opening) throws Exception {
    lock.writeLock().lock();
    try {
      initialize();
      TokenSession session = opening.call();
      sessions.add(session);
      return session;
    } finally {
      lock.writeLock().unlock();
    }
  }

  void retire(TokenSession session) {
    lock.writeLock().lock();
    try {
      if (sessions.remove(session)) {
        session.retire();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Finalises and initialises, after which every session is gone; does nothing while any session
  /// is well, since then the library is too.
  void restartUnlessUsed() {
    lock.writeLock().lock();
    try {
      if (sessions.stream().anyMatch(TokenSession::isAlive)) {
        return;
      }
      sessions.forEach(TokenSession::retire);
      sessions.clear();
      finish(cryptoki::finish);
      finish(sun::finish);
      initialize();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void initialize() {
    cryptoki.initialize();
    sun.initialize();
  }

  private void finish(Runnable finish) {
    try {
      finish.run();
    } catch (CryptokiException | IllegalStateException e) {
      LOG.debug("finalising {} before a restart: {}", path, Failure.of(e).reason());
    }
  }

  /// The token of this label.
  ///
  /// @throws KeyBackendException of kind UNAVAILABLE when it is not there; of kind BROKEN when
  /// there are several, or it has no PIN
  TokenInfo token(String label) {
    List<TokenInfo> tokens = cryptoki.tokens();
    List<TokenInfo> named = tokens.stream().filter(t -> t.label().equals(label)).toList();
    if (named.isEmpty()) {
      String present =
          tokens.stream()
              .filter(TokenInfo::initialized)
              .map(t -> "'" + t.label() + "'")
              .collect(Collectors.joining(", "));
      throw new KeyBackendException(
          Kind.UNAVAILABLE,
          "no token '%s' behind %s; it shows %s"
              .formatted(label, path, present.isEmpty() ? "none" : present));
    }
    if (named.size() > 1) {
      throw new KeyBackendException(
          Kind.BROKEN,
          "%d tokens '%s' behind %s; give them labels of their own"
              .formatted(named.size(), label, path));
    }
    if (!named.getFirst().loginRequired()) {
      throw new KeyBackendException(
          Kind.BROKEN, "token '%s' asks for no PIN; initialise one that does".formatted(label));
    }
    return named.getFirst();
  }
}
