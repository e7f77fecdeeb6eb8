//! `cargo xtask pack`: the file that would be published.

use anyhow::Result;

use crate::build;
use crate::project::{Project, run};

/// Packs `pkg/` into the target directory.
pub(crate) fn pack(project: &Project) -> Result<()> {
    build::build(project, build::Profile::Release)?;
    let mut npm = project.npm(&["pack", "../pkg", "--pack-destination"]);
    run(npm.arg(&project.target))
}
