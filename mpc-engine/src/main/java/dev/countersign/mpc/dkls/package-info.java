/// Threshold ECDSA over secp256k1: protocol 3.6 of Doerner, Kondi, Lee and shelat, Threshold ECDSA
/// in three rounds (eprint 2023/765, "DKLs23"). What two parties set up once is in `PairSetup`; a
/// signature takes three rounds, of which the first two do not need the message.
@NullMarked
package dev.countersign.mpc.dkls;

import org.jspecify.annotations.NullMarked;
