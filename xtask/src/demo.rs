//! `cargo xtask demo`: the demo mailer on this machine.

use anyhow::Result;

use crate::build;
use crate::project::{Project, Stamp, run, run_instead};

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
    build::build(project)?;
    let inputs = [build::stamp_file(project), project.root.join("www/app")];
    let stamp = Stamp::new(folder(project).with_extension("stamp"), &inputs)?;
    if stamp.is_fresh() && folder(project).exists() {
        return Ok(());
    }
    run(project.command("node").args(["www/build.mjs", "demo"]).arg(folder(project)))?;
    stamp.write()
}

/// The demo as it is served.
pub(crate) fn folder(project: &Project) -> std::path::PathBuf {
    project.target.join("demo")
}
