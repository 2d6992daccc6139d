package dev.countersign.policy.store;

import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The last policy that this instance has judged by: what the owner of the database cannot set
/// back. It lasts as long as the instance runs, and longer with a file. Safe for concurrent use.
public final class PolicyMemory {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17}) (0x[0-9a-f]{64})\n");

  private final Optional<Path> file;
  private final AtomicReference<@Nullable PolicyVersion> last = new AtomicReference<>();

  private PolicyMemory(Optional<Path> file) {
    this.file = file;
  }

  /// One that ends with the instance.
  public static PolicyMemory ofInstance() {
    return new PolicyMemory(Optional.empty());
  }

  /// @param file made when missing; must not be shared by instances
  /// @throws UncheckedIOException when it cannot be read, or holds something else
  public static PolicyMemory in(Path file) {
    PolicyMemory memory = new PolicyMemory(Optional.of(file));
    memory.recall(file).ifPresent(memory.last::set);
    return memory;
  }

  private Optional<PolicyVersion> recall(Path from) {
    try {
      Matcher matcher = FORM.matcher(Files.readString(from));
      if (!matcher.matches()) {
        throw new IOException(
            "it is cut off or something else, expected a number and a SHA-256; once the active"
                + " policy is known to be the last, delete it");
      }
      return Optional.of(
          new PolicyVersion(Long.parseLong(matcher.group(1)), Digest32.fromHex(matcher.group(2))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | InvalidValueException e) {
      throw new UncheckedIOException(
          "cannot read the policy version kept in " + from, new IOException(e.getMessage(), e));
    }
  }

  /// Why nothing is to be judged by `version`.
  Optional<String> fault(PolicyVersion version) {
    return Optional.ofNullable(last.get())
        .filter(known -> isBefore(version, known))
        .map(
            known ->
                "was overtaken: this instance has judged by version %d (%s); the database was set back"
                    .formatted(known.number(), known.hash()));
  }

  private static boolean isBefore(PolicyVersion version, PolicyVersion known) {
    return version.number() < known.number()
        || (version.number() == known.number() && !version.hash().equals(known.hash()));
  }

  /// Keeps it, when it is later than what is known. Not within the transaction that activates it.
  ///
  /// @throws UncheckedIOException when it cannot be written
  void keep(PolicyVersion version) {
    PolicyVersion known = last.get();
    if (known != null && version.number() <= known.number()) {
      return;
    }
    file.ifPresent(path -> write(path, version));
    last.set(version);
  }

  /// Whole or not at all, and on the disk.
  private static void write(Path file, PolicyVersion version) {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    byte[] text =
        (version.number() + " " + version.hash().hex() + "\n").getBytes(StandardCharsets.US_ASCII);
    try {
      Files.write(beside, text);
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the policy version in " + file, e);
    }
  }
}
