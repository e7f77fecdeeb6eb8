//! Every cap on hostile input, each with the reason for its number.
//!
//! A cap that is reached is [`Error::Limit`](crate::error::Error::Limit), which names it and tells
//! both what the input asked for and what is allowed. A length in the input never reserves memory by
//! itself.

/// The caps one verb works under. [`Limits::default`] is meant for mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one input. 256 MiB: twice what large providers accept as one mail, and what a 32-bit
    /// address space carries three times over.
    pub input_bytes: usize,
    /// Nesting of ASN.1 values. The deepest real structure (a P12 with several safes) needs below 20.
    pub asn1_depth: usize,
    /// Values in one ASN.1 input, counted before anything is reserved for them. A streamed 256 MiB
    /// message in chunks of 1 KiB has 262,144.
    pub asn1_values: usize,
    /// Nested MIME parts.
    pub mime_depth: usize,
    /// MIME parts of one message, all depths together. The digest of a busy mailing list has hundreds.
    pub mime_parts: usize,
    /// S/MIME layers of one message. Triple wrapping (RFC 2634) with compression has 4.
    pub layers: usize,
    /// Header fields of one part.
    pub header_fields: usize,
    /// Recipients of one message. Large distribution lists have a few thousand.
    pub recipients: usize,
    /// Certificates in one message, P12 or bundle.
    pub certificates: usize,
    /// Signers of one message.
    pub signers: usize,
    /// Certificates in one path, without the trust anchor. Public hierarchies have at most 4.
    pub path_length: usize,
    /// Signature checks in the path searches of one call: 32 signers of public hierarchies need 100.
    pub path_signatures: usize,
    /// Certificates put on a path in the path searches of one call, checked or not. Bounds the search
    /// through many certificates of one name.
    pub path_steps: usize,
    /// Comparisons of names with the subtrees of name constraints in the path searches of one call. A
    /// certificate with 5 names below a CA with 10,000 subtrees needs 50,000; OpenSSL stops at as many. A
    /// long name counts several times.
    pub path_names: usize,
    /// Certificate policies and mappings of them in the path searches of one call. Real certificates have
    /// below ten, and paths below thirty.
    pub path_policies: usize,
    /// Certificates whose issuer is asked for in the path searches of one call.
    pub path_questions: usize,
    /// Bytes of one CRL. 64 MiB: four times one of 500,000 entries, the largest that users of other
    /// software complained about.
    pub crl_bytes: usize,
    /// Bytes of one OCSP response. 1 MiB: a hundred times one with the responder's certificate, and room
    /// for post-quantum signatures.
    pub ocsp_bytes: usize,
    /// CRLs and OCSP responses of one message that are looked into; the rest counts as absent. Two or
    /// three for each certificate of a path.
    pub revocations: usize,
    /// Requests of one call, redirects too. Two for each of five certificates of a path, and some in vain.
    /// Half of them at most are for issuers.
    pub fetches: usize,
    /// Redirects in a row. Real ones have one, from http to https or to a mirror.
    pub fetch_redirects: usize,
    /// Bytes fetched in one call, all together: twice the largest CRL.
    pub fetch_bytes: usize,
    /// Milliseconds for each request. Responders answer within one second; a CRL of 17 MB needs ten on
    /// a line of 14 Mbit/s.
    pub fetch_millis: u64,
    /// Bytes that are fetched for the certificates of an issuer. 256 KiB: a bundle of a hundred.
    pub issuer_bytes: usize,
    /// Iterations of one key derivation. 600,000 is today's advice; ten times that leaves room, and
    /// takes under 3 s in wasm.
    pub kdf_iterations: u64,
    /// Bytes of memory of one key derivation (scrypt). 256 MiB: twice today's advice of N = 2^17 and
    /// r = 8.
    pub kdf_memory: usize,
    /// Bytes that compressed content becomes, in one call and all its layers together. What comes out
    /// is read like any input, so it may be as large as one.
    pub decompressed_bytes: usize,
    /// How many times as large as itself compressed content may become, beyond 16 MiB that are
    /// always free. Text and office files become 3 to 30 times as large; near the 1,032 that zlib can
    /// reach are only bombs and what nobody compresses by hand.
    pub compression_ratio: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            input_bytes: 256 << 20,
            asn1_depth: 32,
            asn1_values: 1 << 20,
            mime_depth: 16,
            mime_parts: 10_000,
            layers: 8,
            header_fields: 1_000,
            recipients: 5_000,
            certificates: 1_000,
            signers: 32,
            path_length: 10,
            path_signatures: 200,
            path_steps: 5_000,
            path_names: 1 << 20,
            path_policies: 1 << 16,
            path_questions: 16,
            crl_bytes: 64 << 20,
            ocsp_bytes: 1 << 20,
            revocations: 32,
            fetches: 16,
            fetch_redirects: 3,
            fetch_bytes: 128 << 20,
            fetch_millis: 10_000,
            issuer_bytes: 256 << 10,
            kdf_iterations: 6_000_000,
            kdf_memory: 256 << 20,
            decompressed_bytes: 256 << 20,
            compression_ratio: 250,
        }
    }
}
