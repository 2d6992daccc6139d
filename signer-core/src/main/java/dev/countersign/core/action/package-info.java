/// What a payload does once it is signed, down to the last nested call: one vocabulary for policy,
/// for approvers and for the log.
@NullMarked
package dev.countersign.core.action;

import org.jspecify.annotations.NullMarked;
