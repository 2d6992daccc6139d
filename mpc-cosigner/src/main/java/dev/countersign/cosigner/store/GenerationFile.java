package dev.countersign.cosigner.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A [GenerationWitness] in a file, which belongs on another volume than the database's: whoever
/// sets both back at once is not noticed. It is replaced as a whole, so that a crash leaves the old
/// one or the new one. The file `NAME.lock` beside it is locked while it is open.
public final class GenerationFile implements GenerationWitness {
  private static final Pattern FORM =
      Pattern.compile(
          """
          countersign cosigner generation 1
          store ([0-9a-f-]{36})
          generation (\\d{1,18})
          trusted from (\\d{1,18})
          """);

  private final Path file;
  private final FileChannel lock;

  private GenerationFile(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  /// @param file absolute, in a directory that is there
  /// @throws StoreRefusedException when it cannot be written, or another process has it
  public static GenerationFile open(Path file) {
    if (!file.isAbsolute()) {
      throw new StoreRefusedException(
          "generation file %s: expected an absolute path".formatted(file));
    }
    try {
      FileChannel lock =
          FileChannel.open(
              file.resolveSibling(file.getFileName() + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (!isLocked(lock)) {
        lock.close();
        throw new StoreRefusedException(
            "generation file %s: another process is this cosigner".formatted(file));
      }
      return new GenerationFile(file, lock);
    } catch (IOException e) {
      throw new StoreRefusedException("generation file %s cannot be locked".formatted(file), e);
    }
  }

  private static boolean isLocked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held in this process
    }
  }

  @Override
  public Optional<GenerationMark> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Matcher matcher = FORM.matcher(Files.readString(file, StandardCharsets.UTF_8));
      if (!matcher.matches()) {
        throw new StoreRefusedException("generation file %s is not one".formatted(file));
      }
      return Optional.of(
          new GenerationMark(
              UUID.fromString(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              Long.parseLong(matcher.group(3))));
    } catch (IOException | IllegalArgumentException e) {
      throw new StoreRefusedException("generation file %s cannot be read".formatted(file), e);
    }
  }

  @Override
  public void record(GenerationMark mark) {
    String text =
        """
        countersign cosigner generation 1
        store %s
        generation %d
        trusted from %d
        """
            .formatted(mark.store(), mark.generation(), mark.trustedFrom());
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    try {
      try (FileChannel channel =
          FileChannel.open(
              draft,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel names = FileChannel.open(directory(), StandardOpenOption.READ)) {
        names.force(true);
      }
    } catch (IOException e) {
      throw new StoreRefusedException("generation file %s cannot be written".formatted(file), e);
    }
  }

  private Path directory() throws IOException {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IOException("a file without a directory");
    }
    return parent;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new StoreRefusedException("generation file %s cannot be closed".formatted(file), e);
    }
  }
}
