//! A CA that says where its revocations are, and a host that has them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use smime_wasm::cert::Certificate;
use smime_wasm::crypto::RsaScheme;
use smime_wasm::env::{Time, block_on};
use smime_wasm::message::{
    FetchRequest, Fetched, Fetcher, Fetching, Form, Include, SignOptions, SignatureParameters, sign,
};

use super::{MESSAGE, Pki, env, openssl};

pub(crate) const ROOT_CRL: &str = "http://crl.example.com/root.crl";
pub(crate) const CRL: &str = "http://crl.example.com/pca.crl";
pub(crate) const OCSP: &str = "http://ocsp.example.com/";
pub(crate) const DELTA: &str = "http://crl.example.com/pca-delta.crl";
pub(crate) const ISSUER: &str = "http://ca.example.com/pca.cer";

/// Below the root `pca`, and `pia` and `della`, who are alice@example.com; below the self-made `evil` is `eve`, who
/// says that she is too.
pub(crate) fn pki() -> &'static Pki {
    static MADE: OnceLock<&Pki> = OnceLock::new();
    MADE.get_or_init(|| {
        let pki = Pki::get();
        let ca = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";
        let person = "keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n\
                      subjectAltName=email:alice@example.com\nsubjectKeyIdentifier=hash\n";
        let config = format!(
            "[evil]\n{ca}\n\
             [pca]\n{ca}authorityKeyIdentifier=keyid\ncrlDistributionPoints=URI:{ROOT_CRL}\n\
             [pia]\n{person}authorityKeyIdentifier=keyid\ncrlDistributionPoints=URI:{CRL}\n\
             authorityInfoAccess=OCSP;URI:{OCSP},caIssuers;URI:{ISSUER}\n\
             [della]\n{person}crlDistributionPoints=URI:{CRL}\nfreshestCRL=URI:{DELTA}\n\
             [eve]\n{person}crlDistributionPoints=URI:http://evil.example.com/crl\n\
             authorityInfoAccess=OCSP;URI:http://evil.example.com/ocsp,caIssuers;URI:http://evil.example.com/ca\n"
        );
        std::fs::write(pki.folder.join("pointed.cnf"), config).unwrap();
        let issue = |name: &str, issuer: Option<&str>| {
            let extra = ["-days", "36500", "-sha256", "-extfile", "pointed.cnf", "-extensions", name];
            pki.issue_key(name, &format!("/CN={name}"), issuer, &["rsa:2048"], &extra);
        };
        issue("pca", Some("root"));
        issue("pia", Some("pca"));
        issue("della", Some("pca"));
        issue("evil", None);
        issue("eve", Some("evil"));
        pki
    })
}

/// [`MESSAGE`], signed by one of them.
pub(crate) fn signed(name: &str, issuer: &str, include: Include) -> Vec<u8> {
    let signers = [pki().identity_of(name, issuer)];
    let (form, scheme) = (Form::Detached, RsaScheme::Pkcs1v15);
    let options = SignOptions {
        message: MESSAGE.into(),
        signers: &signers,
        protect_headers: false,
        parameters: SignatureParameters {
            form,
            digest: None,
            scheme,
            include,
            ..SignatureParameters::default()
        },
    };
    block_on(sign(&mut env(1), options)).unwrap()
}

/// A CA's books, in a folder of their own: `openssl ca` and `openssl ocsp` read them.
#[derive(Debug)]
pub(crate) struct Books {
    folder: PathBuf,
    ca: &'static str,
}

impl Books {
    /// Of a CA that has issued one certificate, revoked as `revoked` says: `350101000000Z,superseded`.
    pub(crate) fn open(
        name: &str,
        ca: &'static str,
        certificate: &Certificate,
        revoked: Option<&str>,
    ) -> Books {
        let folder = pki().folder.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let serial: String =
            certificate.serial_number().iter().map(|byte| format!("{byte:02X}")).collect();
        let state = if revoked.is_some() { "R" } else { "V" };
        let revoked = revoked.unwrap_or_default();
        let line = format!("{state}\t20991231235959Z\t{revoked}\t{serial}\tunknown\t/CN=x\n");
        std::fs::write(folder.join("index.txt"), line).unwrap();
        Books { folder, ca }
    }

    fn run(&self, arguments: &str) -> Vec<u8> {
        let arguments: Vec<_> = arguments.split(' ').collect();
        openssl(&self.folder, &arguments, b"").unwrap()
    }

    /// Good for this many days from the day of the test.
    pub(crate) fn crl(&self, days: u32) -> Vec<u8> {
        self.crl_of(days, 1, "")
    }

    /// The second, from the first on.
    pub(crate) fn delta(&self) -> Vec<u8> {
        self.crl_of(36_500, 2, "2.5.29.27=critical,DER:020101\n")
    }

    fn crl_of(&self, days: u32, number: u8, extensions: &str) -> Vec<u8> {
        let ca = self.ca;
        let config = format!(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\n\
             crl_extensions=x\n[x]\n{extensions}"
        );
        std::fs::write(self.folder.join("ca.cnf"), config).unwrap();
        std::fs::write(self.folder.join("number"), format!("{number:02X}\n")).unwrap();
        self.run(&format!(
            "ca -config ca.cnf -gencrl -crldays {days} -cert ../{ca}.pem -keyfile ../{ca}.key -out a.pem"
        ));
        self.run("crl -in a.pem -outform DER")
    }

    pub(crate) fn response(&self, request: &[u8]) -> Vec<u8> {
        let ca = self.ca;
        std::fs::write(self.folder.join("request"), request).unwrap();
        self.run(&format!(
            "ocsp -index index.txt -CA ../{ca}.pem -rsigner ../{ca}.pem -rkey ../{ca}.key \
             -ndays 36500 -reqin request -respout response"
        ));
        std::fs::read(self.folder.join("response")).unwrap()
    }
}

/// What is at an address.
#[derive(Debug)]
pub(crate) enum At {
    Data(Vec<u8>),
    Redirect(String),
    Responder(Books),
    /// One byte more than anybody wants.
    TooMuch,
}

/// The outside: addresses, who asked for them, and a cache.
#[derive(Debug, Default)]
pub(crate) struct Host {
    pub(crate) places: HashMap<String, At>,
    pub(crate) asked: RefCell<Vec<String>>,
    pub(crate) kept: RefCell<HashMap<String, (Vec<u8>, Time)>>,
    /// Whether only what was kept is there.
    pub(crate) is_offline: bool,
}

impl Host {
    pub(crate) fn new<const N: usize>(places: [(&str, At); N]) -> Host {
        let places = places.into_iter().map(|(url, at)| (url.to_owned(), at)).collect();
        Host { places, ..Host::default() }
    }

    pub(crate) fn take_asked(&self) -> Vec<String> {
        self.asked.take()
    }
}

impl Fetcher for Host {
    fn can_fetch(&self) -> bool {
        !self.is_offline
    }

    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> Fetching<'a, Fetched> {
        self.asked.borrow_mut().push(request.url.to_owned());
        assert!(request.timeout_millis > 0 && request.max_bytes > 0);
        let found = match (self.places.get(request.url), request.body) {
            (Some(At::Data(data)), None) => Fetched::Data(data.clone()),
            (Some(At::Responder(books)), Some(body)) => Fetched::Data(books.response(body)),
            (Some(At::Redirect(next)), _) => Fetched::Redirect(next.clone()),
            (Some(At::TooMuch), _) => Fetched::Data(vec![0x30; request.max_bytes + 1]),
            _ => Fetched::Nothing,
        };
        Box::pin(async { found })
    }

    fn cached<'a>(&'a self, key: &'a str) -> Fetching<'a, Option<Vec<u8>>> {
        Box::pin(async move { self.kept.borrow().get(key).map(|(data, _)| data.clone()) })
    }

    fn keep<'a>(&'a self, key: &'a str, data: &'a [u8], until: Time) -> Fetching<'a, ()> {
        Box::pin(async move {
            self.kept.borrow_mut().insert(key.to_owned(), (data.to_vec(), until));
        })
    }
}
