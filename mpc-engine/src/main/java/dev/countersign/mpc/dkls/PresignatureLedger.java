package dev.countersign.mpc.dkls;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.transcript.SessionId;

/// Which presignatures have been used. Two signatures from one presignature are the key.
public interface PresignatureLedger {

  /// Notes that the presignature is used for the digest. When it returns that is durable, and no
  /// other call for the presignature has returned or will, whatever the digest.
  ///
  /// @throws ProtocolAbortException with REUSE when it was used before
  void consume(SessionId presignature, byte[] digest) throws ProtocolAbortException;
}
