/// Gets what is signed to the chain's nodes, again and again until it is mined.
@NullMarked
package dev.countersign.nonce.broadcast;

import org.jspecify.annotations.NullMarked;
