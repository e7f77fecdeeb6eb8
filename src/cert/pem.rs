//! PEM (RFC 7468), read leniently: text around the blocks, any line length, any line ends.

use crate::bytes::base64;

/// One block of a PEM file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PemBlock {
    /// What stands after BEGIN, such as `CERTIFICATE`.
    pub label: String,
    /// The decoded bytes.
    pub bytes: Vec<u8>,
}

/// The blocks of a PEM file; none if it is none. A block that breaks off or is no base64 is left out.
pub fn pem_blocks(data: &[u8]) -> Vec<PemBlock> {
    let mut blocks = Vec::new();
    let mut open: Option<(&[u8], Vec<u8>)> = None;
    for line in data.split(|&byte| byte == b'\n' || byte == b'\r').map(<[u8]>::trim_ascii) {
        if let Some(label) = boundary(line, b"-----BEGIN ") {
            open = Some((label, Vec::new()));
        } else if let Some(label) = boundary(line, b"-----END ") {
            if let Some((begun, text)) = open.take()
                && begun == label
                && let Ok(bytes) = base64::decode(&text)
            {
                blocks.push(PemBlock { label: String::from_utf8_lossy(label).into_owned(), bytes });
            }
        } else if let Some((_, text)) = &mut open {
            text.extend_from_slice(line);
        }
    }
    blocks
}

fn boundary<'a>(line: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(prefix)?.strip_suffix(b"-----")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_between_other_text() {
        let file = b"subject=x\r\n-----BEGIN A B-----\r\nAQ\r\nID\r\n-----END A B-----\ntail\n-----BEGIN C-----\n";
        let blocks = pem_blocks(file);
        assert_eq!(blocks.len(), 1);
        assert_eq!((blocks[0].label.as_str(), &blocks[0].bytes[..]), ("A B", &[1, 2, 3][..]));
        assert!(pem_blocks(b"\x30\x82\x01\x00").is_empty());
    }
}
