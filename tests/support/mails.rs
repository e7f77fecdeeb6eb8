//! The mails of `tests/mails`.

use std::fs;
use std::path::Path;

/// A mail of the collection.
pub(crate) struct Mail {
    /// Folder and name: `line-ends/lf`.
    pub(crate) name: String,
    pub(crate) raw: Vec<u8>,
}

/// All of them, in the order of their names.
pub(crate) fn mails() -> Vec<Mail> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails");
    let mut mails = Vec::new();
    for folder in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()) {
        if !folder.is_dir() {
            continue;
        }
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let stem = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
            let name = format!("{}/{}", stem(&folder), stem(&file));
            mails.push(Mail { name, raw: fs::read(&file).unwrap() });
        }
    }
    mails.sort_by(|a, b| a.name.cmp(&b.name));
    mails
}
