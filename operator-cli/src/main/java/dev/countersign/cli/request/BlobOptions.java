package dev.countersign.cli.request;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.Blobs;
import dev.countersign.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The blobs of a transaction of type 3 (EIP-4844), from files.
final class BlobOptions {
  private static final int SIZE = 4096 * 32;

  @Option(
      names = "--blob",
      paramLabel = "FILE",
      description = {
        "A blob that goes with it, of 131072 bytes; up to six times. The chain has to take blobs."
      })
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--blob-fee-cap",
      paramLabel = "AMOUNT",
      converter = Amount.Converter.class,
      description = "The most per unit of blob gas. Default: found with the other fees")
  private @Nullable Amount cap;

  /// Nothing where there is none.
  Optional<Blobs> blobs() {
    if (files.isEmpty()) {
      if (cap != null) {
        throw CommandException.usage("--blob-fee-cap is for blobs: name one with --blob");
      }
      return Optional.empty();
    }
    Blobs.Builder blobs = Blobs.newBuilder();
    files.forEach(file -> blobs.addBlobs(read(file)));
    if (cap != null) {
      blobs.setMaxFeePerBlobGas(cap.value().toString());
    }
    return Optional.of(blobs.build());
  }

  private static ByteString read(Path file) {
    try {
      long size = Files.size(file);
      if (size != SIZE) {
        throw CommandException.usage(
            "--blob %s: expected %d bytes, got %d".formatted(file, SIZE, size));
      }
      return ByteString.copyFrom(Files.readAllBytes(file));
    } catch (IOException e) {
      throw CommandException.usage("--blob %s: cannot be read: %s".formatted(file, e.getMessage()));
    }
  }
}
