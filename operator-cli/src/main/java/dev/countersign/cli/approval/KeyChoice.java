package dev.countersign.cli.approval;

import dev.countersign.cli.CommandException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which key signs: a file, or a key in a token.
public final class KeyChoice {
  @Option(
      names = "--sign-key",
      paramLabel = "FILE",
      description = "Your key, as countersign approver new-key made it.")
  private @Nullable Path file;

  @Option(
      names = "--pkcs11",
      paramLabel = "MODULE",
      description = {
        "The PKCS#11 library of the token that has your key, P-256 or Ed25519; with --token,"
            + " --key-label and --pin-file."
      })
  private @Nullable Path module;

  @Option(names = "--token", paramLabel = "LABEL", description = "The token's label.")
  private @Nullable String token;

  @Option(names = "--key-label", paramLabel = "LABEL", description = "The key's label.")
  private @Nullable String label;

  @Option(
      names = "--pin-file",
      paramLabel = "FILE",
      description = "A file with the token's PIN, which you alone can read.")
  private @Nullable Path pinFile;

  /// Opens it; its caller closes it.
  public ApprovalKey open() {
    if (file != null && module == null && token == null && label == null && pinFile == null) {
      return FileApprovalKey.open(file);
    }
    if (file == null && module != null && token != null && label != null && pinFile != null) {
      return TokenApprovalKey.open(module, token, label, pinFile);
    }
    throw CommandException.usage(
        "say which key signs: --sign-key FILE, or all of --pkcs11, --token, --key-label and"
            + " --pin-file");
  }
}
