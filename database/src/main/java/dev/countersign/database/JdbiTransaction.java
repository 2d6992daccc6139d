package dev.countersign.database;

import dev.countersign.core.port.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

final class JdbiTransaction implements Transaction {
  private final Handle handle;
  private final List<Runnable> afterCommit = new ArrayList<>();

  JdbiTransaction(Handle handle) {
    this.handle = handle;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (!type.isInstance(handle)) {
      throw new IllegalArgumentException(
          "this transaction unwraps to " + Handle.class.getName() + ", not to " + type.getName());
    }
    return type.cast(handle);
  }

  @Override
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void committed() {
    afterCommit.forEach(Runnable::run);
  }
}
