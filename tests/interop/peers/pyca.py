"""Answers lines of words, see `converse` in ../matrix/execute.mjs, with PyPI `cryptography`.

Started in the folder of the PKI; files are named by their paths.
"""

import base64
import sys

import cryptography
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

DIGESTS = {"SHA-256": hashes.SHA256, "SHA-384": hashes.SHA384, "SHA-512": hashes.SHA512}
CIPHERS = {"AES-128-CBC": algorithms.AES128, "AES-256-CBC": algorithms.AES256}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def certificate(name):
    return x509.load_pem_x509_certificate(read(f"{name}.pem"))


def private_key(name):
    return serialization.load_pem_private_key(read(f"{name}.key"), None)


def version():
    return cryptography.__version__.encode()


def sign(key, second, digest, scheme, form, path):
    digest = DIGESTS[digest]()
    rsa_padding = None
    if scheme == "rsassa-pss":
        rsa_padding = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(read(path))
    builder = builder.add_signer(certificate(key), private_key(key), digest, rsa_padding=rsa_padding)
    if second:
        builder = builder.add_signer(certificate(second), private_key(second), digest)
    options = [pkcs7.PKCS7Options.Binary]
    if form == "detached":
        options.append(pkcs7.PKCS7Options.DetachedSignature)
    return builder.sign(serialization.Encoding.DER, options)


def encrypt(key, cipher, path):
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(read(path)).add_recipient(certificate(key))
    builder = builder.set_content_encryption_algorithm(CIPHERS[cipher])
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def decrypt(key, path):
    return pkcs7.pkcs7_decrypt_der(read(path), certificate(key), private_key(key), [])


def write_p12(key, cipher, password):
    kdf = serialization.PrivateFormat.PKCS12.encryption_builder()
    if cipher == "3DES":
        kdf = kdf.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1())
    else:
        kdf = kdf.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(
        key.encode(), private_key(key), certificate(key), [certificate("ca")], kdf.build(password.encode())
    )


def read_p12(key, password, path):
    opened = pkcs12.load_pkcs12(read(path), password.encode())
    assert opened.cert.certificate == certificate(key), "another certificate"
    assert opened.key.public_key() == certificate(key).public_key(), "another key"
    assert [other.certificate for other in opened.additional_certs] == [certificate("ca")], "no issuer"
    return b""


VERBS = {verb.__name__: verb for verb in [version, sign, encrypt, decrypt, write_p12, read_p12]}

for line in sys.stdin:
    verb, *words = line.rstrip("\n").split("\t")
    try:
        print("ok", base64.b64encode(VERBS[verb](*words)).decode(), flush=True)
    except BaseException as error:
        print("error", f"{type(error).__name__}: {error}".replace("\n", " "), flush=True)
