package dev.countersign.cli.connection;

import java.nio.file.Path;

/// A server and who is asking.
///
/// @param target host and port
/// @param authority PEM file of the authority that issued the server's certificate
/// @param certificate PEM file of the client's own certificate
/// @param key PEM file of its key, PKCS#8
public record ServerAddress(String target, Path authority, Path certificate, Path key) {}
