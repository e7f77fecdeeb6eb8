//! `cargo xtask build`: Rust to WebAssembly, JavaScript to one file per entry, both into `pkg/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::notices::notices;
use crate::project::{Project, files, output_of, run, unless_fresh};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The module, by the name it has in the package.
const MODULE: &str = "smime_wasm_bg.wasm";

/// What the package contains besides code and `docs/`.
const DOCUMENTS: &[&str] =
    &["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Leaves the unpacked npm package in `pkg/`. What did not change since the last time is not done
/// again.
pub(crate) fn build(project: &Project, profile: Profile) -> Result<()> {
    let wasm = compile(project, profile)?;
    install_dependencies(project)?;

    let pkg = project.root.join("pkg");
    unless_fresh(&pkg, &stamp(project), &inputs(project, &wasm)?, || {
        if pkg.exists() {
            fs::remove_dir_all(&pkg)?;
        }
        fs::create_dir(&pkg)?;
        bind(project, &wasm)?;
        for document in documents(project)? {
            copy_document(&project.root.join(&document), &pkg.join(&document))
                .with_context(|| document.display().to_string())?;
        }
        fs::write(pkg.join("THIRD-PARTY-NOTICES"), notices(project)?)?;
        let manifest = fs::read_to_string(project.root.join("pkg.json.template"))?;
        fs::write(pkg.join("package.json"), manifest.replace("{{version}}", &project.version))?;
        run(project.command("node").args(["www/build.mjs", "package"]))
    })
}

/// How the module is compiled.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// As it is published.
    Release,
    /// In a fraction of the time: larger, slower, and good enough to try things.
    Quick,
}

/// Changes whenever `pkg/` does.
pub(crate) fn stamp(project: &Project) -> PathBuf {
    project.target.join("pkg.stamp")
}

/// The names of all documents of the package.
fn documents(project: &Project) -> Result<Vec<PathBuf>> {
    let mut documents: Vec<PathBuf> = DOCUMENTS.iter().map(PathBuf::from).collect();
    for (folder, end) in [("docs", ".md"), ("docs", ".webp"), ("docs/examples", ".mjs")] {
        for file in files(&project.root.join(folder), end)? {
            documents.push(file.strip_prefix(&project.root)?.to_owned());
        }
    }
    Ok(documents)
}

/// Copies a document, its links to the package's types put right: those lie at the top there.
fn copy_document(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().context("a file has a folder")?)?;
    if from.extension().is_some_and(|extension| extension == "md") {
        let text = fs::read_to_string(from)?.replace("](www/package/", "](");
        fs::write(to, text.replace("](../www/package/", "](../"))?;
    } else {
        fs::copy(from, to)?;
    }
    Ok(())
}

/// Compiles the crate and returns the path of the module, which has no JavaScript yet.
fn compile(project: &Project, profile: Profile) -> Result<PathBuf> {
    add_target(project)?;
    let profile = match profile {
        Profile::Release => "release",
        Profile::Quick => "quick",
    };
    // Cargo optimises across crates (`lto`) only where no rlib is made beside the module.
    let arguments = ["rustc", "--profile", profile, "--lib", "-psmime-wasm", "--target", TARGET];
    run(project.cargo(&arguments).arg("--crate-type=cdylib"))?;
    Ok(project.target.join(TARGET).join(profile).join("smime_wasm.wasm"))
}

/// Asks rustup for the wasm target where it is missing.
pub(crate) fn add_target(project: &Project) -> Result<()> {
    let mut rustc = project.command("rustc");
    let libraries = output_of(rustc.args(["--print", "target-libdir", "--target", TARGET]))?;
    if PathBuf::from(libraries.trim()).exists() {
        return Ok(());
    }
    run(project.command("rustup").args(["target", "add", TARGET])).with_context(|| {
        format!("Rust's {TARGET} target is missing; install it with `rustup target add {TARGET}`")
    })
}

/// Installs the JavaScript tools and libraries that the lock file names, and lets them, and the
/// package by its name, be found from the whole checkout.
pub(crate) fn install_dependencies(project: &Project) -> Result<()> {
    let stamp = project.root.join("www/node_modules/.stamp");
    let lock = project.root.join("www/package-lock.json");
    unless_fresh(&project.root.join("node_modules"), &stamp, &[lock], || {
        run(&mut project.npm(&["ci"]))?;
        run(project.command("node").args(["www/build.mjs", "link"]))
    })
}

/// Splits the compiled module into `smime_wasm_bg.wasm` and `bindings.js`, both beside the sources of
/// the package, where the bundler picks them up.
///
/// wasm-bindgen's ES-module output keeps its one instance in module scope. Its `no_modules` output,
/// put inside a function, makes an instance of its own for every call, which is how JavaScript goes
/// on in place after a trap.
fn bind(project: &Project, wasm: &Path) -> Result<()> {
    let raw = project.target.join("bindings");
    Bindgen::new()
        .input_path(wasm)
        .no_modules(true)?
        .no_modules_global("bindings")?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&raw)
        .context("wasm-bindgen")?;
    let script = fs::read_to_string(raw.join("smime_wasm.js"))?;
    let module = format!("export function createBindings() {{\n{script}\nreturn bindings;\n}}\n");
    let package = project.root.join("www/package");
    fs::write(package.join("bindings.js"), module)?;
    fs::copy(raw.join(MODULE), package.join(MODULE))?;
    Ok(())
}

/// Everything `pkg/` is made from.
fn inputs(project: &Project, wasm: &Path) -> Result<Vec<PathBuf>> {
    let root = &project.root;
    let mut inputs = vec![wasm.to_owned(), std::env::current_exe()?];
    inputs.extend(
        ["Cargo.lock", "Cargo.toml", "pkg.json.template", "www/build.mjs", "www/package-lock.json"]
            .iter()
            .map(|name| root.join(name)),
    );
    inputs.extend(documents(project)?.iter().map(|name| root.join(name)));
    for source in fs::read_dir(root.join("www/package"))? {
        let source = source?.path();
        if !source.ends_with(MODULE) && !source.ends_with("bindings.js") {
            inputs.push(source);
        }
    }
    inputs.sort();
    Ok(inputs)
}
