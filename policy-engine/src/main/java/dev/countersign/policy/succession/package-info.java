/// Who may put one policy in the place of another, and whether that is how the active one came to
/// be. Nothing here needs a database: whoever has the documents, what was signed, and the founders'
/// file comes to the same answer.
@NullMarked
package dev.countersign.policy.succession;

import org.jspecify.annotations.NullMarked;
