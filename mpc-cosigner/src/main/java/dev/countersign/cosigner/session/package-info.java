/// Runs of the protocols with other cosigners, through a coordinator that is trusted with nothing.
@NullMarked
package dev.countersign.cosigner.session;

import org.jspecify.annotations.NullMarked;
