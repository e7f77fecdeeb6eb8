//! `cargo xtask test`: every test there is.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::project::{Project, files, output_of, run};
use crate::report::Report;
use crate::{demo, lint};

/// How much is tested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What fits into 20 minutes on two cores.
    Usual,
    /// Also what takes longer, and the demo in Firefox and WebKit.
    All,
}

/// What the tests need to find outside the checkout.
struct Surroundings {
    chromium: PathBuf,
    /// Test vectors of others; the tests that need them say so and pass where there are none.
    vectors: Option<PathBuf>,
    extent: Extent,
}

/// Installs what is missing, then runs everything and tells at the end what failed.
pub(crate) fn test(project: &Project, extent: Extent) -> Result<()> {
    let surroundings =
        Surroundings { chromium: install_peers(project)?, vectors: vectors(project), extent };
    set_up_peers(project, extent);
    let mut report = Report::default();
    lint::groups(project, &mut report);
    report.group("Rust", || {
        let mut cargo = project.cargo(&["test", "--package=smime-wasm", "--package=smime-core"]);
        run(surroundings.tell(&mut cargo))?;
        let mut cargo = project.cargo(&["test", "--package=xtask", "--profile=xtask"]);
        run(surroundings.tell(&mut cargo))
    });
    if report.group("build", || demo::build(project)) {
        for (name, folder) in [
            ("the package in Node", "tests/package"),
            ("interop", "tests/interop"),
            ("the package and the demo in browsers", "tests/browser"),
        ] {
            report.group(name, || node_tests(project, &surroundings, folder));
        }
    }
    report.finish()
}

fn node_tests(project: &Project, surroundings: &Surroundings, folder: &str) -> Result<()> {
    let files = files(&project.root.join(folder), ".test.mjs")?;
    if files.is_empty() {
        bail!("there are no tests in {folder}");
    }
    let mut node = project.command("node");
    // 200 kills of a browser take twenty minutes.
    let minutes = if surroundings.extent == Extent::All { 60 } else { 10 };
    node.args(["--test", "--test-reporter=spec", &format!("--test-timeout={}", minutes * 60_000)]);
    // Two browsers at a time: of one, one process works while the others wait.
    if folder == "tests/browser" {
        node.arg("--test-concurrency=2");
    }
    run(surroundings.tell(node.args(files)))
}

impl Surroundings {
    fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("CHROMIUM", &self.chromium);
        if let Some(vectors) = &self.vectors {
            command.env("SMIME_VECTORS", vectors);
        }
        if self.extent == Extent::All {
            command.env("SMIME_TEST_ALL", "1");
        }
        command
    }
}

/// The folder `SMIME_VECTORS` names, else `../shared/vectors` if that exists.
fn vectors(project: &Project) -> Option<PathBuf> {
    match std::env::var_os("SMIME_VECTORS") {
        Some(folder) => Some(folder.into()),
        None => project.root.join("../shared/vectors").canonicalize().ok(),
    }
}

/// Installs what `tests/interop/matrix.test.mjs` asks, and for all tests the browsers besides
/// Chromium. What is not there all the same is skipped.
fn set_up_peers(project: &Project, extent: Extent) {
    let peers: &[&str] = match extent {
        Extent::Usual => &["openssl", "nss"],
        Extent::All => &["all"],
    };
    let mut script = project.command("sh");
    if let Err(error) = run(script.arg("tests/interop/peers/set-up.sh").args(peers)) {
        eprintln!("{error:#}");
    }
}

/// Makes sure that OpenSSL and Chromium are there, and tells where Chromium is.
fn install_peers(project: &Project) -> Result<PathBuf> {
    let chosen = std::env::var_os("CHROMIUM").map(PathBuf::from);
    if let Some(path) = chosen.as_ref().filter(|path| !path.is_file()) {
        bail!("CHROMIUM is {}, which is no file", path.display());
    }
    let chromium =
        || chosen.clone().or_else(|| ["chromium", "chromium-browser"].iter().find_map(find));
    let missing = || {
        let mut missing = Vec::new();
        missing.extend(chromium().is_none().then_some("chromium"));
        missing.extend(find(&"openssl").is_none().then_some("openssl"));
        missing
    };

    let packages = missing();
    if !packages.is_empty() {
        let debian = Path::new("/etc/debian_version").exists();
        if !debian || output_of(project.command("id").arg("-u"))?.trim() != "0" {
            bail!(
                "install {} first (Debian: apt install {}); CHROMIUM=/path names a Chromium elsewhere",
                packages.join(" and "),
                packages.join(" ")
            );
        }
        let apt = |arguments: &[&str]| {
            run(project.command("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(arguments))
        };
        apt(&["update"])?;
        apt(&[&["install", "--yes", "--no-install-recommends"], packages.as_slice()].concat())?;
    }
    if let [still, ..] = missing().as_slice() {
        bail!("{still} was installed but is not in the PATH");
    }
    chromium().context("no Chromium")
}

/// The program of this name in the PATH.
fn find(name: &&str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
