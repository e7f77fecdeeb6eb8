//! `cargo xtask demo`: the demo mailer on this machine.

use std::path::PathBuf;

use anyhow::Result;

use crate::build;
use crate::project::{Project, run, run_instead, unless_fresh};

/// Where the demo is unless asked otherwise.
pub(crate) const PORT: u16 = 8080;

/// Builds what changed and serves the demo until it is interrupted.
pub(crate) fn demo(project: &Project, port: u16) -> Result<()> {
    build(project)?;
    let mut server = project.command("node");
    run_instead(server.arg("www/server.mjs").arg(folder(project)).arg(port.to_string()))
}

/// Bundles the demo into [`folder`].
pub(crate) fn build(project: &Project) -> Result<()> {
    build::build(project, build::Profile::Release)?;
    let folder = folder(project);
    let inputs = [build::stamp(project), project.root.join("www/app")];
    unless_fresh(&folder, &folder.with_extension("stamp"), &inputs, || {
        run(project.command("node").args(["www/build.mjs", "demo"]).arg(&folder))
    })
}

/// The demo as it is served.
pub(crate) fn folder(project: &Project) -> PathBuf {
    project.target.join("demo")
}
