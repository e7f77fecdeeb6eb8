//! `cargo xtask roots`: Mozilla's roots for e-mail, as the package brings them.
//!
//! They are made from NSS's built-in list, `lib/ckfw/builtins/certdata.txt`, read out as two files in one
//! folder: `roots.csv` with what each root is trusted for, and `email-roots.pem` with the certificates,
//! each below a line `# sha256 …`. To renew them, put these two beside the old ones, say in [`VERSION`]
//! and [`AS_OF`] which list it is, and run the command.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::project::Project;

/// Of the list: NSS_BUILTINS_LIBRARY_VERSION.
const VERSION: &str = "2.92";
/// A day on which this was the newest list: NSS 3.132 came with it.
const AS_OF: &str = "2026-10-28";

/// Writes `www/package/mozilla-roots.json` from the list in a folder; by default the one of
/// [`VERSION`] among the test vectors.
pub(crate) fn roots(project: &Project, folder: Option<&str>) -> Result<()> {
    let folder = match (folder, std::env::var_os("SMIME_VECTORS")) {
        (Some(folder), _) => PathBuf::from(folder),
        (None, Some(vectors)) => in_vectors(Path::new(&vectors), VERSION),
        (None, None) => bail!("name the folder of the list, or set SMIME_VECTORS"),
    };
    let roots = read(&folder).with_context(|| folder.display().to_string())?;
    fs::write(file(project), document(&roots)?)?;
    println!("{} roots", roots.len());
    Ok(())
}

/// What is written.
pub(crate) fn file(project: &Project) -> PathBuf {
    project.root.join("www/package/mozilla-roots.json")
}

fn in_vectors(vectors: &Path, version: &str) -> PathBuf {
    vectors.join("mozilla-roots").join(format!("nss-builtins-{version}"))
}

/// A root that is trusted for e-mail.
struct Root {
    name: String,
    /// SHA-256 over the certificate, in hex.
    fingerprint: String,
    /// DER in base64.
    certificate: String,
    /// CKA_NSS_EMAIL_DISTRUST_AFTER, as RFC 3339 writes it.
    distrust_after: Option<String>,
}

/// The same for the same roots, in whatever order they are.
fn document(roots: &[Root]) -> Result<String> {
    let mut roots: Vec<&Root> = roots.iter().collect();
    roots.sort_by_key(|root| (&root.name, &root.fingerprint));
    let entry = |root: &&Root| {
        let mut entry = json!({
            "name": root.name,
            "fingerprint": root.fingerprint,
            "certificate": root.certificate,
        });
        if let (Some(entry), Some(after)) = (entry.as_object_mut(), &root.distrust_after) {
            entry.insert("distrustAfter".into(), after.as_str().into());
        }
        entry
    };
    let document = json!({
        "source": format!("Mozilla's root certificates for e-mail: NSS built-in list {VERSION}"),
        "date": AS_OF,
        "licence": "MPL-2.0",
        "roots": roots.iter().map(entry).collect::<Vec<Value>>(),
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// The roots of a list that are trusted to issue for e-mail.
fn read(folder: &Path) -> Result<Vec<Root>> {
    let mut certificates = certificates(&fs::read_to_string(folder.join("email-roots.pem"))?)?;
    let table = fs::read_to_string(folder.join("roots.csv"))?;
    let mut lines = table.lines();
    let head = cells(lines.next().unwrap_or_default());
    let mut roots = Vec::new();
    for line in lines {
        let row: BTreeMap<&str, String> =
            head.iter().map(String::as_str).zip(cells(line)).collect();
        let cell = |name: &str| row.get(name).cloned().with_context(|| format!("{name}: {line}"));
        if cell("email")? != "TRUSTED_DELEGATOR" {
            continue;
        }
        let fingerprint = cell("sha256")?;
        let after = cell("email_distrust_after")?;
        roots.push(Root {
            name: cell("label")?,
            certificate: certificates
                .remove(&fingerprint)
                .with_context(|| format!("no certificate: {line}"))?,
            fingerprint,
            distrust_after: (!after.is_empty()).then(|| rfc_3339(&after)).transpose()?,
        });
    }
    if let Some(fingerprint) = certificates.keys().next() {
        bail!("{fingerprint} is not trusted for e-mail");
    }
    Ok(roots)
}

/// The base64 of each certificate by the fingerprint above it.
fn certificates(pem: &str) -> Result<BTreeMap<String, String>> {
    let mut certificates = BTreeMap::new();
    let mut fingerprint = None;
    let mut base64 = None;
    for line in pem.lines() {
        if let Some(digest) = line.strip_prefix("# sha256 ") {
            fingerprint = Some(digest.to_owned());
        } else if line == "-----BEGIN CERTIFICATE-----" {
            base64 = Some(String::new());
        } else if line == "-----END CERTIFICATE-----" {
            let fingerprint = fingerprint.take().context("a certificate without a fingerprint")?;
            certificates.insert(fingerprint, base64.take().context("an end without a begin")?);
        } else if let Some(base64) = &mut base64 {
            base64.push_str(line);
        }
    }
    Ok(certificates)
}

/// The cells of a line of CSV (RFC 4180). A cell that goes over several lines is not served.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => push(&mut cells, '"'),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => push(&mut cells, character),
        }
    }
    cells
}

fn push(cells: &mut [String], character: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(character);
    }
}

/// From a UTCTime (RFC 5280, 4.1.2.5.1), which is what NSS keeps.
fn rfc_3339(utc_time: &str) -> Result<String> {
    let digits = utc_time
        .strip_suffix('Z')
        .filter(|digits| digits.len() == 12 && digits.bytes().all(|digit| digit.is_ascii_digit()));
    let digits = digits.with_context(|| format!("no UTCTime: {utc_time}"))?;
    let pairs: Vec<&str> = (0..6).filter_map(|at| digits.get(2 * at..2 * at + 2)).collect();
    let [year, month, day, hour, minute, second] = pairs.as_slice() else {
        bail!("no UTCTime: {utc_time}");
    };
    let century = if *year < "50" { "20" } else { "19" };
    Ok(format!("{century}{year}-{month}-{day}T{hour}:{minute}:{second}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors() -> Option<PathBuf> {
        let vectors = std::env::var_os("SMIME_VECTORS").map(PathBuf::from);
        if vectors.is_none() {
            println!("skipped: SMIME_VECTORS is not set");
        }
        vectors
    }

    #[test]
    fn the_file_is_what_the_command_makes() {
        let Some(vectors) = vectors() else { return };
        let mut roots = read(&in_vectors(&vectors, VERSION)).unwrap();
        let written = fs::read_to_string(file(&Project::open().unwrap())).unwrap();
        let hint = "run cargo xtask roots";
        assert!(document(&roots).unwrap() == written, "{hint}");
        roots.reverse();
        assert!(document(&roots).unwrap() == written, "in whatever order");
    }

    #[test]
    fn the_moment_after_which_a_root_is_distrusted_is_kept() {
        let Some(vectors) = vectors() else { return };
        let roots = read(&in_vectors(&vectors, "2.60")).unwrap();
        assert_eq!(roots.len(), 108);
        let mut dates: Vec<&str> =
            roots.iter().filter_map(|root| root.distrust_after.as_deref()).collect();
        dates.sort_unstable();
        dates.dedup();
        assert_eq!(dates, ["2021-03-01T00:00:00Z", "2022-08-31T00:00:00Z", "2022-11-30T00:00:00Z"]);
        let text = document(&roots).unwrap();
        assert_eq!(text.matches("\"distrustAfter\"").count(), 8);
    }

    #[test]
    fn cells_may_be_quoted() {
        assert_eq!(cells(r#"a,"b,c","d ""e""",,f"#), ["a", "b,c", r#"d "e""#, "", "f"]);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert_eq!(rfc_3339("990831235959Z").unwrap(), "1999-08-31T23:59:59Z");
        for text in ["", "220831000000", "20220831000000Z", "22083100000éZ"] {
            assert!(rfc_3339(text).is_err(), "{text}");
        }
    }
}
