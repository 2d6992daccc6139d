package dev.countersign.core.port;

import dev.countersign.core.model.Nonce;
import java.time.Instant;

/// Why a lane gives no nonce now. What was taken before is not touched by it.
public sealed interface LaneObstacle {

  /// For people: what it is, since when, and what ends it.
  String words();

  /// Paused until its reason is gone.
  ///
  /// @param detail what was seen
  record Paused(Reason reason, Instant since, String detail) implements LaneObstacle {
    @Override
    public String words() {
      return "paused since %s, %s: %s; %s".formatted(since, reason, detail, reason.remedy());
    }
  }

  /// So many transactions of it are not mined that nodes would not keep another one.
  ///
  /// @param inFlight how many there are
  /// @param most how many there may be
  record Full(int inFlight, int most) implements LaneObstacle {
    @Override
    public String words() {
      return "%d transactions of it are not mined yet, at most %d may be; try again when one is"
          .formatted(inFlight, most);
    }
  }

  /// The nonce that it would give was given back, and lies below transactions that may have been
  /// sent. Nodes keep those of one kind of an account at a time, so one of the other kind would not
  /// be taken, and none of them ever mined.
  ///
  /// @param withBlobs whether it is for a transaction with blobs; or else for one without
  record OtherKind(Nonce nonce, boolean withBlobs) implements LaneObstacle {
    @Override
    public String words() {
      return ("its nonce %s was given back, and has to be filled by a transaction %s blobs, as"
              + " those after it are that are not mined yet; send one of these, and then this"
              + " again")
          .formatted(nonce, withBlobs ? "with" : "without");
    }
  }

  /// The nonce that it would give is mined already, by a transaction that was not signed here. That
  /// one may be taken back by a reorganisation; once it is final the lane is paused.
  ///
  /// @param mined how many transactions of the account are
  record Used(Nonce nonce, Nonce mined) implements LaneObstacle {
    @Override
    public String words() {
      return ("%s of its transactions are mined, and nonce %s was never used here: somebody else"
              + " has signed with its key; it goes on when a reorganisation takes that back, or"
              + " when an operator has found out why")
          .formatted(mined, nonce);
    }
  }

  /// Why a lane is paused.
  enum Reason {
    /// A node refused a transaction that the account cannot pay for.
    INSUFFICIENT_FUNDS("it goes on by itself once the account can pay for all that is in flight"),
    /// Somebody else has signed with the account's key.
    FOREIGN_USE("it goes on when an operator has found out why, and resumes it");

    private final String remedy;

    Reason(String remedy) {
      this.remedy = remedy;
    }

    /// What ends it.
    public String remedy() {
      return remedy;
    }
  }
}
