package dev.countersign.cosigner.store;

import dev.countersign.cosigner.wire.FieldReader;
import dev.countersign.cosigner.wire.FieldWriter;
import dev.countersign.cosigner.wire.MalformedBytesException;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.identity.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Statements as they are stored and sent: their count, then each after its length.
public final class StatementList {
  private static final String FORM = "cosigner statements";
  private static final int VERSION = 1;
  private static final int LONGEST = 512;

  /// Of each party one of each kind.
  private static final int MOST = 4 * Party.MOST;

  private StatementList() {}

  public static byte[] encode(Collection<Statement> statements) {
    FieldWriter out = new FieldWriter(FORM, VERSION).u8(statements.size());
    statements.forEach(statement -> out.bytes(statement.encode()));
    return out.finish();
  }

  /// @throws MalformedBytesException for what [#encode] does not write
  public static List<Statement> decode(byte[] bytes) throws MalformedBytesException {
    FieldReader in = new FieldReader(FORM, VERSION, bytes);
    int count = in.u8();
    if (count > MOST) {
      throw in.malformed("%d statements, at most %d may be".formatted(count, MOST));
    }
    List<Statement> statements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      try {
        statements.add(Statement.decode(in.bytes(LONGEST), Optional.empty()));
      } catch (ProtocolAbortException e) {
        throw in.malformed(String.valueOf(e.getMessage()));
      }
    }
    in.end();
    return List.copyOf(statements);
  }
}
