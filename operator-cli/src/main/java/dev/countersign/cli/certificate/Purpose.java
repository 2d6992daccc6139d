package dev.countersign.cli.certificate;

/// What a certificate is for; it is good for nothing else.
enum Purpose {
  /// Issues the others.
  AUTHORITY,
  /// A server on this machine.
  SERVER,
  /// A client; its common name is the client's name.
  CLIENT
}
