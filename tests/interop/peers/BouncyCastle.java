import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.*;
import javax.crypto.SecretKey;
import javax.crypto.spec.*;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.pkcs.*;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.*;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.*;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * Answers lines of words, see `converse` in ../matrix/execute.mjs, with Bouncy Castle.
 *
 * Started in the folder of the PKI; files are named by their paths. An empty word is an option that is
 * not given.
 */
public class BouncyCastle {
  private static final String BC = "BC";

  public static void main(String[] arguments) throws IOException {
    Security.addProvider(new BouncyCastleProvider());
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      try {
        byte[] answer = answer(line.split("\t", -1));
        System.out.println("ok " + Base64.getEncoder().encodeToString(answer));
      } catch (Exception | LinkageError error) {
        System.out.println("error " + error.toString().replace('\n', ' '));
      }
    }
  }

  private static byte[] answer(String[] words) throws Exception {
    switch (words[0]) {
      case "version":
        return new BouncyCastleProvider().getVersionStr().getBytes(StandardCharsets.UTF_8);
      case "sign":
        return sign(words[1].split(" "), words[2].split(" "), words[3].equals("opaque"), read(words[4]));
      case "verify":
        return verify(read(words[1]), words[2].isEmpty() ? null : read(words[2]));
      case "encrypt":
        return encrypt(words[2], recipient(words[1], words), read(words[7]));
      case "decrypt":
        return decrypt(words[1], words[2], read(words[3]));
      case "compress":
        return new CMSCompressedDataGenerator()
            .generate(new CMSProcessableByteArray(read(words[1])), new ZlibCompressor())
            .getEncoded();
      case "decompress":
        return new CMSCompressedData(read(words[1])).getContent(new ZlibExpanderProvider());
      case "writeP12":
        return writeP12(words[1], words[2], words[3].toCharArray());
      case "readP12":
        return readP12(words[1], words[2].toCharArray(), read(words[3]));
      default:
        throw new IllegalArgumentException(words[0]);
    }
  }

  private static byte[] sign(String[] keys, String[] algorithms, boolean isOpaque, byte[] content) throws Exception {
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    for (int i = 0; i < keys.length; i++) {
      X509Certificate certificate = certificate(keys[i]);
      ContentSigner signer = new JcaContentSignerBuilder(algorithms[i]).setProvider(BC).build(privateKey(keys[i]));
      DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().setProvider(BC).build();
      generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(digests).build(signer, certificate));
      generator.addCertificates(new JcaCertStore(List.of(certificate)));
    }
    return generator.generate(new CMSProcessableByteArray(content), isOpaque).getEncoded();
  }

  /** Every signature, and every signer's path to the CA. */
  private static byte[] verify(byte[] message, byte[] content) throws Exception {
    CMSSignedData signed =
        content == null ? new CMSSignedData(message) : new CMSSignedData(new CMSProcessableByteArray(content), message);
    PKIXParameters anchors = new PKIXParameters(Set.of(new TrustAnchor(certificate("ca"), null)));
    anchors.setRevocationEnabled(false);
    Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
    require(!signers.isEmpty(), "no signer");
    for (SignerInformation signer : signers) {
      @SuppressWarnings("unchecked")
      Collection<X509CertificateHolder> found = signed.getCertificates().getMatches(signer.getSID());
      X509Certificate certificate =
          new JcaX509CertificateConverter().setProvider(BC).getCertificate(found.iterator().next());
      SignerInformationVerifier verifier = new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC).build(certificate);
      require(signer.verify(verifier), "bad signature");
      CertPath path = CertificateFactory.getInstance("X.509", BC).generateCertPath(List.of(certificate));
      CertPathValidator.getInstance("PKIX", BC).validate(path, anchors);
    }
    return content == null ? (byte[]) signed.getSignedContent().getContent() : content;
  }

  private static final Map<String, ASN1ObjectIdentifier> CIPHERS = Map.ofEntries(
      Map.entry("AES-128-CBC", CMSAlgorithm.AES128_CBC),
      Map.entry("AES-192-CBC", CMSAlgorithm.AES192_CBC),
      Map.entry("AES-256-CBC", CMSAlgorithm.AES256_CBC),
      Map.entry("3DES-CBC", CMSAlgorithm.DES_EDE3_CBC),
      Map.entry("RC2-128-CBC", CMSAlgorithm.RC2_CBC),
      Map.entry("AES-128-GCM", CMSAlgorithm.AES128_GCM),
      Map.entry("AES-192-GCM", CMSAlgorithm.AES192_GCM),
      Map.entry("AES-256-GCM", CMSAlgorithm.AES256_GCM),
      Map.entry("AES-128-CCM", CMSAlgorithm.AES128_CCM),
      Map.entry("AES-256-CCM", CMSAlgorithm.AES256_CCM));

  private static final Map<String, ASN1ObjectIdentifier> AGREEMENTS = Map.of(
      "SHA-1", CMSAlgorithm.ECDH_SHA1KDF,
      "SHA-224", CMSAlgorithm.ECDH_SHA224KDF,
      "SHA-256", CMSAlgorithm.ECDH_SHA256KDF,
      "SHA-384", CMSAlgorithm.ECDH_SHA384KDF,
      "SHA-512", CMSAlgorithm.ECDH_SHA512KDF,
      "cofactor SHA-256", CMSAlgorithm.ECCDH_SHA256KDF,
      "HKDF SHA-256", new ASN1ObjectIdentifier("1.2.840.113549.1.9.16.3.19"));

  private static final Map<String, ASN1ObjectIdentifier> WRAPS = Map.of(
      "AES-128", CMSAlgorithm.AES128_WRAP,
      "AES-192", CMSAlgorithm.AES192_WRAP,
      "AES-256", CMSAlgorithm.AES256_WRAP,
      "3DES", CMSAlgorithm.DES_EDE3_WRAP);

  /**
   * Words 3 to 6: the digest, MGF's digest and label of OAEP; or the KDF and the wrap; or the identifier
   * of a key-encryption key and the key; or, the last, a password.
   */
  private static RecipientInfoGenerator recipient(String key, String[] words) throws Exception {
    if (key.isEmpty() && words[6].isEmpty()) {
      byte[] id = words[3].getBytes(StandardCharsets.UTF_8);
      SecretKey secret = new SecretKeySpec(words[4].getBytes(StandardCharsets.UTF_8), "AES");
      return new JceKEKRecipientInfoGenerator(id, secret).setProvider(BC);
    }
    if (key.isEmpty()) {
      return new JcePasswordRecipientInfoGenerator(CMSAlgorithm.AES256_CBC, words[6].toCharArray()).setProvider(BC);
    }
    X509Certificate certificate = certificate(key);
    if (!certificate.getPublicKey().getAlgorithm().equals("RSA")) {
      KeyPairGenerator ephemeral = KeyPairGenerator.getInstance(certificate.getPublicKey().getAlgorithm(), BC);
      if (certificate.getPublicKey() instanceof ECPublicKey) {
        ephemeral.initialize(((ECPublicKey) certificate.getPublicKey()).getParams());
      }
      KeyPair pair = ephemeral.generateKeyPair();
      return new JceKeyAgreeRecipientInfoGenerator(
              AGREEMENTS.get(words[3]), pair.getPrivate(), pair.getPublic(), WRAPS.get(words[4]))
          .addRecipient(certificate)
          .setProvider(BC);
    }
    if (words[3].isEmpty()) {
      return new JceKeyTransRecipientInfoGenerator(certificate).setProvider(BC);
    }
    PSource label = new PSource.PSpecified(words[5].getBytes(StandardCharsets.UTF_8));
    OAEPParameterSpec oaep = new OAEPParameterSpec(words[3], "MGF1", new MGF1ParameterSpec(words[4]), label);
    AlgorithmIdentifier identifier =
        new JcaAlgorithmParametersConverter().getAlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP, oaep);
    return new JceKeyTransRecipientInfoGenerator(certificate, identifier).setProvider(BC);
  }

  private static byte[] encrypt(String cipher, RecipientInfoGenerator recipient, byte[] content) throws Exception {
    CMSTypedData data = new CMSProcessableByteArray(content);
    JceCMSContentEncryptorBuilder encryptor = new JceCMSContentEncryptorBuilder(CIPHERS.get(cipher)).setProvider(BC);
    if (cipher.endsWith("CBC")) {
      CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
      generator.addRecipientInfoGenerator(recipient);
      return generator.generate(data, encryptor.build()).getEncoded();
    }
    CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
    generator.addRecipientInfoGenerator(recipient);
    return generator.generate(data, (OutputAEADEncryptor) encryptor.build()).getEncoded();
  }

  private static byte[] decrypt(String key, String password, byte[] message) throws Exception {
    boolean isAuthenticated =
        ContentInfo.getInstance(message).getContentType().equals(CMSObjectIdentifiers.authEnvelopedData);
    RecipientInformationStore recipients = isAuthenticated
        ? new CMSAuthEnvelopedData(message).getRecipientInfos()
        : new CMSEnvelopedData(message).getRecipientInfos();
    for (RecipientInformation information : recipients.getRecipients()) {
      if (information instanceof PasswordRecipientInformation && !password.isEmpty()) {
        return information.getContent(new JcePasswordEnvelopedRecipient(password.toCharArray()).setProvider(BC));
      }
      if (key.isEmpty() || !information.getRID().match(new JcaX509CertificateHolder(certificate(key)))) {
        continue;
      }
      PrivateKey privateKey = privateKey(key);
      if (information instanceof KeyAgreeRecipientInformation) {
        return information.getContent(new JceKeyAgreeEnvelopedRecipient(privateKey).setProvider(BC));
      }
      return information.getContent(isAuthenticated
          ? new JceKeyTransAuthEnvelopedRecipient(privateKey).setProvider(BC)
          : new JceKeyTransEnvelopedRecipient(privateKey).setProvider(BC));
    }
    throw new CMSException("no recipient");
  }

  private static byte[] writeP12(String key, String type, char[] password) throws Exception {
    KeyStore store = KeyStore.getInstance(type, BC);
    store.load(null, null);
    store.setKeyEntry(key, privateKey(key), password, new X509Certificate[] {certificate(key), certificate("ca")});
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    store.store(written, password);
    return written.toByteArray();
  }

  private static byte[] readP12(String key, char[] password, byte[] file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12", BC);
    store.load(new ByteArrayInputStream(file), password);
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        require(store.getCertificate(alias).equals(certificate(key)), "another certificate");
        require(store.getCertificateChain(alias).length == 2, "no issuer");
        require(Arrays.equals(store.getKey(alias, password).getEncoded(), privateKey(key).getEncoded()), "another key");
        return new byte[0];
      }
    }
    throw new KeyStoreException("no key");
  }

  private static byte[] read(String path) throws IOException {
    return Files.readAllBytes(Path.of(path));
  }

  private static X509Certificate certificate(String name) throws Exception {
    InputStream der = new ByteArrayInputStream(read(name + ".der"));
    return (X509Certificate) CertificateFactory.getInstance("X.509", BC).generateCertificate(der);
  }

  private static PrivateKey privateKey(String name) throws Exception {
    try (PemReader reader = new PemReader(new FileReader(name + ".key"))) {
      return BouncyCastleProvider.getPrivateKey(PrivateKeyInfo.getInstance(reader.readPemObject().getContent()));
    }
  }

  private static void require(boolean holds, String otherwise) throws GeneralSecurityException {
    if (!holds) {
      throw new GeneralSecurityException(otherwise);
    }
  }
}
