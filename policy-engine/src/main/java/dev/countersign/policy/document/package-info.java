/// The policy document: its form, its versions' identity, and what is wrong with one that is not
/// taken.
@NullMarked
package dev.countersign.policy.document;

import org.jspecify.annotations.NullMarked;
