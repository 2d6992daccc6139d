package dev.countersign.audit.witness;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What a witness cosigned last of each log, in a directory: one file for each, the signed note as
/// it came, which is evidence should the log change its mind. To lose a file is to forget: whoever
/// sets the directory back sets the witness back.
///
/// One process at a time has the directory. Reading is safe for concurrent use, and so is writing
/// for different logs.
public final class WitnessState implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String SUFFIX = ".checkpoint";
  private static final String DRAFT = ".new";

  private final Path directory;
  private final FileChannel channel;
  private final Map<String, Checkpoint> latest = new ConcurrentHashMap<>();

  private WitnessState(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /// @param directory made when it is not there
  /// @throws IOException when another process has it, or it cannot be read, or has something in it
  ///     that is not as this class left it
  public static WitnessState open(Path directory) throws IOException {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    WitnessState state = new WitnessState(directory, channel);
    try {
      state.lock();
      state.read();
      return state;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void lock() throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IOException(directory + " is in use by another witness; one process has it");
    }
  }

  private void read() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        Checkpoint checkpoint;
        try {
          checkpoint = Checkpoint.claimedBy(Files.readAllBytes(file));
        } catch (InvalidNoteException e) {
          throw new IOException(file + " is not what this witness wrote: " + e.getMessage(), e);
        }
        if (!file.equals(file(checkpoint.origin()))) {
          throw new IOException(file + " is of another log than its name says");
        }
        latest.put(checkpoint.origin(), checkpoint);
      }
    }
  }

  /// What was cosigned last of a log.
  Optional<Checkpoint> latest(String origin) {
    return Optional.ofNullable(latest.get(origin));
  }

  /// Durable when it returns; after a crash the file is the one before or this one.
  void remember(Checkpoint checkpoint, String note) throws IOException {
    Path file = file(checkpoint.origin());
    Path draft = file.resolveSibling(file.getFileName() + DRAFT);
    try (FileChannel out =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8));
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
    latest.put(checkpoint.origin(), checkpoint);
  }

  /// An origin can have any characters; a hash of it is a file name.
  private Path file(String origin) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8));
      return directory.resolve(HexFormat.of().formatHex(hash) + SUFFIX);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  /// Lets another process have the directory.
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
