/// Keys in a PKCS#11 token.
///
/// Signing goes through the JDK's SunPKCS11, which brings the login, the pool of sessions and the
/// mechanisms. A small binding of our own ([dev.countersign.hsm.pkcs11.Cryptoki]) does what
/// SunPKCS11 cannot: find a slot by its token's label, make a key that has its name from its first
/// moment, read a key's attributes back, and start the library anew after the connection was lost.
///
/// Nothing here but [dev.countersign.hsm.pkcs11.Pkcs11KeyBackend] and its configuration is public:
/// whoever held a key's handle could sign without a permit.
@NullMarked
package dev.countersign.hsm.pkcs11;

import org.jspecify.annotations.NullMarked;
