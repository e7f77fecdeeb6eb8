//! Other recipients for what is encrypted already.
//!
//! Only the RecipientInfos change, with the lengths around them and the version that follows from them
//! (RFC 5652, 6.1). Everything from the encrypted content on stays as it stands, octet for octet, in BER
//! as in DER.

use std::borrow::Cow;

use super::encode::set_of;
use super::enveloped_data::EncryptedContent;
use super::recipient_info::{self, RecipientInfo};
use crate::asn1::{
    BerHeader, Reader, ber_header, ber_len, constructed, header, primitive, tag, to_der,
};
use crate::cert::Certificate;
use crate::crypto::{KeyTransport, SecretBytes};
use crate::env::Env;
use crate::error::{ENDS_EARLY, Error, Result};
use crate::limits::Limits;

/// The recipients that an EnvelopedData or AuthEnvelopedData in BER names.
#[derive(Debug)]
pub struct AnnouncedRecipients(Vec<u8>);

impl AnnouncedRecipients {
    /// From the beginning of a ContentInfo, which need not reach farther than they.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`, also where it does not reach so far; `limit/asn1-depth`, `limit/asn1-values`.
    pub fn read(start: &[u8], limits: &Limits) -> Result<AnnouncedRecipients> {
        let front = Front::read(start, limits)?;
        Ok(AnnouncedRecipients(to_der(front.recipients, limits)?.into_owned()))
    }

    /// The recipients.
    ///
    /// # Errors
    ///
    /// `limit/recipients`, `malformed/asn1`.
    pub fn list(&self, limits: &Limits) -> Result<Vec<RecipientInfo<'_>>> {
        RecipientInfo::read_all(Reader::only(&self.0, tag::SET)?, limits)
    }
}

/// Which recipients stay and which are added.
#[derive(Debug)]
pub struct Readdressing<'a> {
    /// Those that stay.
    pub staying: Vec<RecipientInfo<'a>>,
    /// Whether any was left out.
    pub is_removed: bool,
    /// Whether they stood as DER wants a SET OF.
    is_sorted: bool,
}

impl<'a> Readdressing<'a> {
    /// Of these recipients all but those in `leaving`.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn new(
        recipients: &[RecipientInfo<'a>],
        leaving: &[Certificate],
    ) -> Result<Readdressing<'a>> {
        let mut staying = Vec::with_capacity(recipients.len());
        for info in recipients {
            staying.extend(info.without(leaving)?);
        }
        let is_for_any = |info: &RecipientInfo<'_>| leaving.iter().any(|one| info.is_for(one));
        Ok(Readdressing {
            staying,
            is_removed: recipients.iter().any(is_for_any),
            is_sorted: recipients.is_sorted_by(|a, b| a.der() <= b.der()),
        })
    }

    /// What takes the place of the first octets of `cms`, the ContentInfo in BER that `encrypted` was read
    /// from, and where in `cms` the octets begin that stay.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if a new recipient's key can't encrypt, or not a key of this size;
    /// `malformed/asn1`.
    pub fn beginning(
        &self,
        env: &mut Env,
        cms: &[u8],
        encrypted: &EncryptedContent<'_>,
        added: &[(Certificate, KeyTransport)],
        content_key: &SecretBytes,
    ) -> Result<(Vec<u8>, usize)> {
        let mut infos: Vec<Cow<'_, [u8]>> =
            self.staying.iter().map(|info| info.der().into()).collect();
        let versions = self.staying.iter().map(RecipientInfo::least_version);
        let mut version = encrypted.least_version.into_iter().chain(versions).max().unwrap_or(0);
        for (recipient, transport) in added {
            let info = recipient_info::build(env, recipient, transport, content_key.as_bytes())?;
            if info.version != 0 {
                version = version.max(2);
            }
            infos.push(info.der.into());
        }
        let recipients = match self.is_sorted {
            true => set_of(&infos),
            false => constructed(tag::SET, &infos.iter().map(AsRef::as_ref).collect::<Vec<_>>()),
        };
        let version = encrypted.least_version.map(|_| version);
        Front::read(cms, env.limits())?.with(version, &recipients)
    }
}

/// What stands before the encrypted content.
struct Front<'a> {
    whole: Level,
    content_type: &'a [u8],
    explicit: Level,
    structure: Level,
    version: &'a [u8],
    originator: &'a [u8],
    /// The SET OF RecipientInfo.
    recipients: &'a [u8],
    /// Where it ends.
    end: usize,
}

/// A value that everything else is in.
struct Level {
    header: BerHeader,
    /// Where its contents begin.
    start: usize,
}

impl<'a> Front<'a> {
    fn read(cms: &'a [u8], limits: &Limits) -> Result<Front<'a>> {
        let mut at = 0;
        let whole = enter(cms, &mut at, tag::SEQUENCE)?;
        let content_type = take(cms, &mut at, tag::OBJECT_IDENTIFIER, limits)?;
        let explicit = enter(cms, &mut at, tag::context_constructed(0))?;
        let structure = enter(cms, &mut at, tag::SEQUENCE)?;
        let version = take(cms, &mut at, tag::INTEGER, limits)?;
        let originator = match cms.get(at) {
            Some(&ORIGINATOR) => take(cms, &mut at, ORIGINATOR, limits)?,
            _ => &[],
        };
        let recipients = take(cms, &mut at, tag::SET, limits)?;
        Ok(Front {
            whole,
            content_type,
            explicit,
            structure,
            version,
            originator,
            recipients,
            end: at,
        })
    }

    /// The same with another version and other recipients, and where what follows begins.
    fn with(&self, version: Option<u8>, recipients: &[u8]) -> Result<(Vec<u8>, usize)> {
        let version = version.map(|version| primitive(tag::INTEGER, &[version]));
        let version = version.as_deref().unwrap_or(self.version);
        let front = [version, self.originator, recipients].concat();
        let front = self.structure.around(front, self.end)?;
        let front = self.explicit.around(front, self.end)?;
        let front = self.whole.around([self.content_type, &front].concat(), self.end)?;
        Ok((front, self.end))
    }
}

const ORIGINATOR: u8 = tag::context_constructed(0);

impl Level {
    /// Its header for contents of which everything before `end` becomes `front`.
    fn around(&self, front: Vec<u8>, end: usize) -> Result<Vec<u8>> {
        let mut bytes = match self.header.length {
            None => vec![self.header.tag, 0x80],
            Some(length) => {
                let stays = length.checked_sub(end - self.start).ok_or(SHORT)?;
                header(self.header.tag, front.len() + stays)
            }
        };
        bytes.extend_from_slice(&front);
        Ok(bytes)
    }
}

const SHORT: Error = Error::MalformedAsn1 { rule: ENDS_EARLY };

fn rest_at(cms: &[u8], at: usize) -> Result<&[u8]> {
    cms.get(at..).ok_or(SHORT)
}

fn enter(cms: &[u8], at: &mut usize, tag: u8) -> Result<Level> {
    let header = ber_header(rest_at(cms, *at)?)?;
    if header.tag != tag {
        return Err(Error::MalformedAsn1 { rule: "an unexpected tag" });
    }
    *at += header.size;
    Ok(Level { header, start: *at })
}

fn take<'a>(cms: &'a [u8], at: &mut usize, tag: u8, limits: &Limits) -> Result<&'a [u8]> {
    let rest = rest_at(cms, *at)?;
    if ber_header(rest)?.tag != tag {
        return Err(Error::MalformedAsn1 { rule: "an unexpected tag" });
    }
    let length = ber_len(rest, limits)?;
    *at += length;
    rest.get(..length).ok_or(SHORT)
}
