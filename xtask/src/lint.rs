//! `cargo xtask lint`: everything that is checked without running it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use crate::build;
use crate::project::{Project, output_of, run};
use crate::report::Report;

/// Crates that may be in the build twice. None has anything to do with cryptography: macros and the
/// tools that make the module.
const TWINS_ALLOWED: &[&str] = &["hashbrown", "syn"];

pub(crate) fn lint(project: &Project) -> Result<()> {
    let mut report = Report::default();
    groups(project, &mut report);
    report.finish()
}

/// Adds the checks to a report.
pub(crate) fn groups(project: &Project, report: &mut Report) {
    // The profile of xtask: what is only checked need not be optimised.
    let cargo = |arguments: &[&str], strict: &[&str]| {
        let mut cargo = project.cargo(arguments);
        run(cargo.arg("--profile=xtask").args(strict).env("RUSTDOCFLAGS", "-Dwarnings"))
    };
    let own = ["--package=smime-wasm", "--package=smime-core"];
    let wasm = [&own[..], &["--lib", "--target", build::TARGET]].concat();
    report.group("rustfmt", || run(&mut project.cargo(&["fmt", "--all", "--check"])));
    report.group("clippy", || {
        build::add_target(project)?;
        cargo(&["clippy", "--workspace", "--all-targets"], &["--", "-Dwarnings"])?;
        cargo(&[&["clippy"], &wasm[..]].concat(), &["--", "-Dwarnings"])
    });
    report.group("rustdoc", || {
        cargo(&["doc", "--no-deps", "--document-private-items", "--workspace"], &[])?;
        cargo(&[&["doc", "--no-deps", "--document-private-items"], &wasm[..]].concat(), &[])
    });
    report.group("no cryptography twice", || no_twins(project));
}

/// Fails if two versions of one crate are in the build: two generations of the same cryptography
/// make a bigger module in which fixes reach only half.
fn no_twins(project: &Project) -> Result<()> {
    let listed = output_of(&mut project.cargo(&[
        "tree",
        "--workspace",
        "--duplicates",
        "--target=all",
        "--prefix=none",
        "--depth=0",
    ]))?;
    let twins = twins(&listed);
    if !twins.is_empty() {
        bail!("in the build with more than one version: {}", twins.join(", "));
    }
    Ok(())
}

/// The crates that `cargo tree --duplicates` lists with several versions. It also lists those that
/// are built once for the host and once for wasm.
fn twins(listed: &str) -> Vec<&str> {
    let mut versions = BTreeMap::<&str, BTreeSet<&str>>::new();
    for line in listed.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            versions.entry(name).or_default().insert(version);
        }
    }
    versions.retain(|name, versions| versions.len() > 1 && !TWINS_ALLOWED.contains(name));
    versions.into_keys().collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_crate_with_two_versions_is_a_twin() {
        let listed = "der v0.7.9\n\nder v0.8.0\n\nsyn v2.0.1\nsyn v3.0.0\n";
        assert_eq!(super::twins(listed), ["der"]);
    }

    #[test]
    fn a_crate_built_for_host_and_wasm_is_no_twin() {
        assert!(super::twins("zeroize v1.8.0\n\nzeroize v1.8.0 (*)\n").is_empty());
    }
}
