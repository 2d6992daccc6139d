/// How one policy comes to follow another: it is proposed, approved by the quorum of the one that
/// is active, and activated; and the ceremony of the founders, which makes the first.
@NullMarked
package dev.countersign.policy.change;

import org.jspecify.annotations.NullMarked;
