//! Signed attributes that are taken for content, left out, or changed (attack 14).

use smime_wasm::asn1::{Reader, constructed, primitive, tag};
use smime_wasm::message::Form;

use crate::cases::{ALICE, Case, check, mail, signed_by, with_cms};
use crate::content_encryption::{content_info, fields};

/// 1.2.840.113549.1.7.1 and 1.2.840.113549.1.9.16.1.4, a time stamp's content.
const DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const TST_INFO: &[u8] = &[6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4];

/// SignedData with one signer, taken apart.
struct Signed {
    content_type: Vec<u8>,
    fields: Vec<Vec<u8>>,
    content: Vec<u8>,
    /// The fields of the SignerInfo; the fourth are the signed attributes.
    info: Vec<Vec<u8>>,
}

impl Signed {
    fn read(cms: &[u8]) -> Signed {
        let (content_type, fields) = fields(cms);
        let mut encapsulated = Reader::new(&fields[2]).sequence().unwrap();
        encapsulated.any().unwrap();
        let content = encapsulated.any().unwrap().contents().any().unwrap().value.to_vec();
        let mut infos = Reader::only(fields.last().unwrap(), tag::SET).unwrap().contents();
        let mut signer = infos.sequence().unwrap();
        let mut info = Vec::new();
        while !signer.is_empty() {
            info.push(signer.any().unwrap().raw.to_vec());
        }
        Signed { content_type, fields, content, info }
    }

    /// The attributes as they are signed: as a SET OF.
    fn attributes(&self) -> Vec<u8> {
        [&[tag::SET], &self.info[3][1..]].concat()
    }

    fn without_attributes(mut self) -> Signed {
        self.info.remove(3);
        self
    }

    fn write(mut self, type_: &[u8], content: &[u8]) -> Vec<u8> {
        let octets = primitive(tag::OCTET_STRING, content);
        let explicit = constructed(tag::context_constructed(0), &[&octets]);
        self.fields[2] = constructed(tag::SEQUENCE, &[type_, &explicit]);
        let info: Vec<&[u8]> = self.info.iter().map(Vec::as_slice).collect();
        let infos = constructed(tag::SET, &[&constructed(tag::SEQUENCE, &info)]);
        *self.fields.last_mut().unwrap() = infos;
        content_info(&self.content_type, &self.fields)
    }
}

#[test]
fn a_signature_counts_over_what_it_was_made_for_alone() {
    let message =
        signed_by(&["alice"], Form::Opaque, &mail(ALICE, "text/plain", "Alice's word.\r\n"));
    let remade = |change: &dyn Fn(Signed) -> Vec<u8>| {
        with_cms(&message, |cms| *cms = change(Signed::read(cms)))
    };
    let as_content = remade(&|signed| {
        let attributes = signed.attributes();
        signed.without_attributes().write(DATA, &attributes)
    });
    let left_out = remade(&|signed| {
        let content = signed.content.clone();
        signed.without_attributes().write(DATA, &content)
    });
    let other_type = remade(&|signed| {
        let content = signed.content.clone();
        signed.write(TST_INFO, &content)
    });
    let changed = remade(&|mut signed| {
        // A digit of the signing time.
        let attributes = &mut signed.info[3];
        let at = attributes.windows(6).position(|w| w == b"300601").unwrap();
        attributes[at] ^= 1;
        let content = signed.content.clone();
        signed.write(DATA, &content)
    });
    let same = remade(&|signed| {
        let content = signed.content.clone();
        signed.write(DATA, &content)
    });
    let failed = "failed none signed/failed [signed opaque failed] () {}";
    check(
        "attribute-confusion",
        vec![
            Case::new("as-content", "signed attributes as the content", as_content, failed)
                .hides("Alice's word."),
            Case::new("left-out", "the content without its attributes", left_out, failed),
            Case::new("other-type", "the content as a time stamp", other_type, failed),
            Case::new("changed", "another signing time", changed, failed),
            Case::new(
                "same",
                "taken apart and put together",
                same,
                "verified none signed/verified [signed opaque verified] () {}",
            )
            .shows("Alice's word."),
        ],
    );
}
