/// Approvers, groups and quorums as a policy document names them, and what the rest of the server
/// may ask about requests that wait for approval.
@NullMarked
package dev.countersign.policy.approval;

import org.jspecify.annotations.NullMarked;
