package dev.countersign.server.settings;

import java.nio.file.Path;

/// The configuration file cannot be used: says which key, what is wrong with it and what to write.
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SettingsException(Path file, String key, String problem) {
    super(file + ": " + (key.isEmpty() ? "" : key + ": ") + problem);
  }

  SettingsException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
