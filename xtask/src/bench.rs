//! `cargo xtask bench`: how fast the package is in Node.

use anyhow::Result;

use crate::build;
use crate::project::{Project, files, run};

/// Runs every script in `benches/`.
pub(crate) fn bench(project: &Project) -> Result<()> {
    build::build(project, build::Profile::Release)?;
    let scripts = files(&project.root.join("benches"), ".mjs")?;
    scripts.iter().try_for_each(|script| run(project.command("node").arg(script)))
}
