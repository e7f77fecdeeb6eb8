//! `cargo xtask`: everything a developer starts, in one place. Each verb is a module.

mod bench;
mod build;
mod demo;
mod lint;
mod notices;
mod pack;
mod project;
mod report;
mod roots;
mod test;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use project::Project;

const USAGE: &str = "\
cargo xtask <verb>

  demo [--port N]  build the demo mailer and serve it on http://localhost:8080
  test [--all]     run every test; --all adds those that take long, and Firefox and WebKit
  lint             formatting, clippy, rustdoc, and no cryptography twice
  build [--quick]  build the npm package, unpacked, into pkg/; quickly: larger, slower, for trying things
  pack             the same, packed, into target/
  bench            run the benchmarks
  roots [FOLDER]   make www/package/mozilla-roots.json anew from NSS's built-in list";

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
        ["demo"] => demo::demo(&project, demo::PORT),
        ["demo", "--port", port] => demo::demo(&project, port.parse().context("--port")?),
        ["test"] => test::test(&project, test::Extent::Usual),
        ["test", "--all"] => test::test(&project, test::Extent::All),
        ["lint"] => lint::lint(&project),
        ["build"] => build::build(&project, build::Profile::Release),
        ["build", "--quick"] => build::build(&project, build::Profile::Quick),
        ["pack"] => pack::pack(&project),
        ["bench"] => bench::bench(&project),
        ["roots"] => roots::roots(&project, None),
        ["roots", folder] => roots::roots(&project, Some(folder)),
        [] | ["help" | "-h" | "--help"] => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("unknown arguments: {}\n\n{USAGE}", other.join(" ")),
    }
}
