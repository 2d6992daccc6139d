package dev.countersign.server.settings;

import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
      byte[] bytes = bytes(origin.file());
      return Settings.read(
          Section.root(origin, document(origin.file(), bytes)), hostName(), sha256(bytes));
    } catch (InvalidValueException e) {
      throw new SettingsException(origin.file(), String.valueOf(e.getMessage()), e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new SettingsException(file, "cannot be read: " + e, e);
    }
  }

  private static Digest32 sha256(byte[] bytes) {
    try {
      return Digest32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  private static Object document(Path file, byte[] bytes) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      return new Yaml(new SafeConstructor(options))
          .load(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
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
