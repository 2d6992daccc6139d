package dev.countersign.server.settings;

import dev.countersign.core.model.InvalidValueException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// Reads the configuration file: YAML, every key known, none twice.
public final class SettingsFile {
  private SettingsFile() {}

  /// @throws SettingsException when the file cannot be read or says something it may not
  public static Settings read(Path file) {
    return read(new Section.Origin(file, new TreeMap<>()));
  }

  static Settings read(Section.Origin origin) {
    try {
      return Settings.read(Section.root(origin, document(origin.file())), hostName());
    } catch (InvalidValueException e) {
      throw new SettingsException(origin.file(), String.valueOf(e.getMessage()), e);
    }
  }

  private static Object document(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      return new Yaml(new SafeConstructor(options))
          .load(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new SettingsException(file, "cannot be read: " + e, e);
    } catch (YAMLException e) {
      throw new SettingsException(file, "is not valid YAML: " + e.getMessage(), e);
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
