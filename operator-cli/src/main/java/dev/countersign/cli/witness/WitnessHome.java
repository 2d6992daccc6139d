package dev.countersign.cli.witness;

import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.witness.WitnessState;
import dev.countersign.cli.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;

/// The directory of a witness: its key, and what it cosigned last of each log. Whoever sets it back
/// sets the witness back, so it is on no backup that is ever restored without thought.
///
/// @param key signs cosignatures and nothing else
/// @param state held by this process alone
record WitnessHome(CheckpointSigner key, WitnessState state) implements AutoCloseable {
  private static final String KEY = "witness.key";
  private static final String STATE = "state";

  /// Opens it; at the first time makes it, and a key.
  ///
  /// @param name of the witness; needed the first time, and the same ever after
  static WitnessHome open(Path directory, Optional<String> name) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      // The state first: whoever has it is the one process that may make the key.
      var state = WitnessState.open(directory.resolve(STATE));
      try {
        return new WitnessHome(key(directory.resolve(KEY), name), state);
      } catch (RuntimeException e) {
        state.close();
        throw e;
      }
    } catch (IOException e) {
      throw CommandException.unavailable(
          "the witness's home %s cannot be used: %s".formatted(directory, told(e)), e);
    } catch (UncheckedIOException e) {
      throw CommandException.unavailable("%s: %s".formatted(e.getMessage(), e.getCause()), e);
    } catch (InvalidNoteException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private static CheckpointSigner key(Path file, Optional<String> name) {
    if (name.isPresent()) {
      return CheckpointKeyFile.openOrCreate(file, name.get(), new SecureRandom());
    }
    if (Files.notExists(file)) {
      throw CommandException.usage(
          "--name is needed to make the witness's key: a name for good, such as"
              + " witness.example.com/1");
    }
    return CheckpointKeyFile.openExisting(file);
  }

  private static String told(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  @Override
  public void close() {
    try {
      state.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
