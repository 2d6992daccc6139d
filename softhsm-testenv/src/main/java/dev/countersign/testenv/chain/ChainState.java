package dev.countersign.testenv.chain;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.testenv.FileTrees;
import dev.countersign.testenv.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// Where a chain's state is kept. The node writes its dump in place, so one that is killed while
/// writing leaves half a file, which it then refuses to load. It therefore never writes the file it
/// loads: a dump replaces that only after it was read as a whole.
///
/// @param directory holds `state.json` (loaded) and `dump.json` (written)
record ChainState(Path directory) {
  /// How often a running node writes its dump. What happened since is lost when it is killed with
  /// SIGKILL; every other end writes one.
  private static final int DUMP_SECONDS = 2;

  /// Makes the last dump the state to load, when it is a whole one.
  ///
  /// @return the node's arguments
  List<String> prepare() throws IOException {
    OwnerOnly.directory(directory);
    var state = directory.resolve("state.json");
    var dump = directory.resolve("dump.json");
    if (Files.exists(dump)) {
      if (isWhole(dump)) {
        Files.move(
            dump, state, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.delete(dump);
      }
    }
    var arguments = new ArrayList<String>();
    if (Files.exists(state)) {
      arguments.addAll(List.of("--load-state", state.toString()));
    }
    arguments.addAll(List.of("--dump-state", dump.toString()));
    arguments.addAll(List.of("--state-interval", Integer.toString(DUMP_SECONDS)));
    return arguments;
  }

  /// Deletes what earlier chains left.
  void forget() throws IOException {
    FileTrees.delete(directory);
  }

  private static boolean isWhole(Path file) {
    try (var parser = new ObjectMapper().createParser(file.toFile())) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return !parser.currentToken().isStructStart() && parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }
}
