//! People of tests: certificates with their keys, made by OpenSSL.

use std::sync::Arc;

use crate::cert::{Certificate, Identity};
use crate::crypto::PrivateKey;

/// erika@example.com.
pub(crate) fn erika() -> Identity {
    let certificate = include_bytes!("testdata/erika.certificate.der");
    identity(certificate, include_bytes!("testdata/erika.pkcs8.der"))
}

/// max@example.com.
pub(crate) fn max() -> Identity {
    let certificate = include_bytes!("testdata/max.certificate.der");
    identity(certificate, include_bytes!("testdata/max.pkcs8.der"))
}

fn identity(certificate: &[u8], pkcs8: &[u8]) -> Identity {
    let certificate = Certificate::from_der(certificate).unwrap();
    let key = PrivateKey::from_pkcs8(pkcs8).unwrap();
    Identity::new(certificate, Vec::new(), Arc::new(key)).unwrap()
}
