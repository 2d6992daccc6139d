package dev.countersign.audit.witness;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.WitnessKey;
import java.net.URI;

/// A witness and where it is asked.
///
/// @param key what its cosignatures are verified with
/// @param url the submission prefix of tlog-witness; `/add-checkpoint` comes after it
public record WitnessEndpoint(WitnessKey key, URI url) {
  public WitnessEndpoint {
    String scheme = url.getScheme();
    if (scheme == null
        || !(scheme.equals("http") || scheme.equals("https"))
        || url.getHost() == null
        || url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      throw new InvalidNoteException(
          "the URL of a witness: expected http(s)://host[:port][/path], got " + url);
    }
  }

  URI addCheckpoint() {
    String prefix = url.toString();
    return URI.create(prefix + (prefix.endsWith("/") ? "" : "/") + AddCheckpoint.PATH);
  }
}
