package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.PublicKey;
import dev.countersign.testenv.softhsm.SoftHsmToken;

/// A second session with the token of the backend under test, to look behind it and to put things
/// there that it should not trust. The login is the backend's: a process has one for all sessions.
record TokenProbe(TokenObjects objects) implements AutoCloseable {

  static TokenProbe of(SoftHsmToken token) {
    Pkcs11Library library = Pkcs11Library.at(token.module());
    return new TokenProbe(
        TokenObjects.open(library.cryptoki(), library.token(token.label()).slot()));
  }

  /// As another process of ours would.
  void makeWhole(KeyLabel label) {
    new KeyMaker(objects).make(label);
  }

  void makeWithoutCertificate(KeyLabel label) {
    makeWhole(label);
    objects.certificates(label).forEach(objects::destroy);
  }

  void makeExtractable(KeyLabel label) {
    generate(label.bytes(), true);
  }

  void makeForeign(byte[] id) {
    generate(id, false);
  }

  void makeWithCertificateOf(KeyLabel label, PublicKey stranger) {
    makeWithoutCertificate(label);
    long key = objects.privateKeys(label).getFirst();
    SelfSignedCertificate wrong =
        SelfSignedCertificate.make(
            label, stranger, digest -> objects.sign(key, digest.bytes().toArray()));
    objects.create(
        label
            .objects(Attribute.CERTIFICATE_CLASS)
            .with(Attribute.CERTIFICATE_TYPE, Attribute.X509)
            .with(Attribute.LABEL, label.bytes())
            .with(Attribute.PRIVATE, false)
            .with(Attribute.SUBJECT, wrong.name().toArray())
            .with(Attribute.ISSUER, wrong.name().toArray())
            .with(Attribute.SERIAL_NUMBER, wrong.serial().toArray())
            .with(Attribute.VALUE, wrong.encoded().toArray()));
  }

  private void generate(byte[] id, boolean extractable) {
    objects.generateEcKeyPair(
        Template.ofTokenObject(Attribute.PUBLIC_KEY_CLASS)
            .with(Attribute.KEY_TYPE, Attribute.EC_KEY)
            .with(Attribute.EC_PARAMS, new byte[] {0x06, 0x05, 0x2b, (byte) 0x81, 0x04, 0x00, 0x0a})
            .with(Attribute.ID, id),
        Template.ofTokenObject(Attribute.PRIVATE_KEY_CLASS)
            .with(Attribute.KEY_TYPE, Attribute.EC_KEY)
            .with(Attribute.ID, id)
            .with(Attribute.PRIVATE, true)
            .with(Attribute.SENSITIVE, true)
            .with(Attribute.EXTRACTABLE, extractable)
            .with(Attribute.SIGN, true));
  }

  @Override
  public void close() {
    objects.close();
  }
}
