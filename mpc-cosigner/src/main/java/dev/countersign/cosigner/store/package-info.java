/// What a cosigner keeps: sealed shares and setups, bans, what was used, and a number outside of
/// the database by which an old copy of it is noticed.
@NullMarked
package dev.countersign.cosigner.store;

import org.jspecify.annotations.NullMarked;
