//! `cargo xtask bench`: what is in `benches/`, through the package and natively.

use anyhow::{Result, bail};

use crate::build;
use crate::project::{Project, files, run};

/// Runs every `benches/*.mjs` in Node and every `benches/*.rs` natively.
pub(crate) fn bench(project: &Project) -> Result<()> {
    let scripts = files(&project.root.join("benches"), ".mjs")?;
    let native = files(&project.root.join("benches"), ".rs")?;
    if scripts.is_empty() && native.is_empty() {
        bail!("there is nothing in benches/");
    }
    if !native.is_empty() {
        run(&mut project.cargo(&["bench", "--package=smime-wasm", "--benches"]))?;
    }
    build::build(project)?;
    scripts.iter().try_for_each(|script| run(project.command("node").arg(script)))
}
