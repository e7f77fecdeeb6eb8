//! `cargo xtask`: everything a developer starts, in one place. Each verb is a module.

mod build;
mod project;

use std::process::ExitCode;

use anyhow::{Result, bail};

use project::Project;

const USAGE: &str = "\
cargo xtask <verb>

  build            build the npm package, unpacked, into pkg/";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let project = Project::open()?;
    match arguments.as_slice() {
        ["build"] => build::build(&project),
        [] | ["help" | "-h" | "--help"] => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("unknown arguments: {}\n\n{USAGE}", other.join(" ")),
    }
}
