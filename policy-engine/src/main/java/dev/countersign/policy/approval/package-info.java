/// Approvers, groups and quorums as a policy document names them.
@NullMarked
package dev.countersign.policy.approval;

import org.jspecify.annotations.NullMarked;
