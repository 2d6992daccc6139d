package dev.countersign.vault.wallet;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Vault;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.vault.store.VaultTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The vaults. Safe for concurrent use, on any number of instances. Every method throws
/// [StoreUnavailableException] when the database cannot be reached.
public final class VaultRegistry {
  private final UnitOfWork unitOfWork;
  private final AuditTrail auditTrail;
  private final InstantSource clock;
  private final VaultTable vaults = new VaultTable();

  public VaultRegistry(UnitOfWork unitOfWork, AuditTrail auditTrail, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.auditTrail = auditTrail;
    this.clock = clock;
  }

  /// Makes the vault, durably, with its audit entry in the same transaction; or finds it as it is.
  ///
  /// @throws InvalidValueException when its name is not 1 to 100 characters on one line
  public VaultCreation create(Actor actor, Vault vault) {
    DisplayName.check("vault name", vault.name());
    return unitOfWork.inTransaction(
        transaction -> {
          Instant now = clock.instant();
          if (vaults.insert(transaction, vault, now)) {
            auditTrail.append(
                transaction,
                List.of(
                    AuditRecord.of(
                        now, actor, new AuditEvent.VaultCreated(vault.id(), vault.tier()))));
            return new VaultCreation.Created(vault);
          }
          Vault existing = vaults.find(transaction, vault.id()).orElseThrow();
          return existing.equals(vault)
              ? new VaultCreation.Existing(existing)
              : new VaultCreation.Conflict(existing);
        });
  }

  public Optional<Vault> find(VaultId id) {
    return unitOfWork.inTransaction(transaction -> vaults.find(transaction, id));
  }

  /// All vaults, by id.
  public List<Vault> list() {
    return unitOfWork.inTransaction(vaults::list);
  }
}
