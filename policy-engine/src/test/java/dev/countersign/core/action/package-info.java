/// The payloads of signer-core that mean harm, judged.
@NullMarked
package dev.countersign.core.action;

import org.jspecify.annotations.NullMarked;
