/// The engine on a real database, alone and with others.
@NullMarked
package dev.countersign.policy.engine;

import org.jspecify.annotations.NullMarked;
