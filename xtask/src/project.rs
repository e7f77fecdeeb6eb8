//! Where things are, how programs are started, and what has not changed since the last time.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The checkout and its target directory.
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    /// The version in Cargo.toml, which is also the npm package's.
    pub(crate) version: String,
}

impl Project {
    pub(crate) fn open() -> Result<Project> {
        let manifest_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest_dir.parent().context("xtask/ has a parent")?;
        let metadata = Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
            .current_dir(root)
            .output()
            .context("cargo metadata")?;
        if !metadata.status.success() {
            bail!("cargo metadata: {}", String::from_utf8_lossy(&metadata.stderr));
        }
        let metadata: Value = serde_json::from_slice(&metadata.stdout)?;
        let text = |value: &Value, name| Some(value.get(name)?.as_str()?.to_owned());
        let target = text(&metadata, "target_directory").context("no target directory")?;
        let packages = metadata.get("packages").and_then(Value::as_array).context("no packages")?;
        let version = packages
            .iter()
            .find(|package| package.get("name").is_some_and(|name| name == "smime-wasm"))
            .and_then(|package| text(package, "version"))
            .context("no package smime-wasm")?;
        Ok(Project { root: root.into(), target: target.into(), version })
    }

    /// A program that runs in the root of the checkout and reads nothing from the terminal.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null());
        command
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }

    /// `npm` in `www/`, where all JavaScript dependencies are.
    pub(crate) fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("npm");
        command.current_dir(self.root.join("www")).args(arguments);
        command
    }
}

/// Runs a program whose output is for the person at the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = line_of(command);
    let status =
        command.status().with_context(|| format!("{line}: is it installed, and in the PATH?"))?;
    if !status.success() {
        bail!("{line}: {status}");
    }
    Ok(())
}

/// Runs a program in place of this one, so that who ends the one ends the other.
pub(crate) fn run_instead(command: &mut Command) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(command.exec()).context(line_of(command))
    }
    #[cfg(not(unix))]
    run(command)
}

/// Runs a program and returns what it printed.
pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let line = line_of(command);
    let output = command.stderr(Stdio::inherit()).output().context(line.clone())?;
    if !output.status.success() {
        bail!("{line}: {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// The files in a folder whose names end so, sorted; none if there is no such folder.
pub(crate) fn files(folder: &Path, end: &str) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = entries(folder)?;
    files.retain(|file| file.to_string_lossy().ends_with(end));
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut entries =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

/// Makes `result` from `inputs`, files and folders, unless the one that is there was made from the
/// same. `stamp` is the file that remembers them.
pub(crate) fn unless_fresh(
    result: &Path,
    stamp: &Path,
    inputs: &[PathBuf],
    make: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let mut hasher = DefaultHasher::new();
    for input in inputs {
        hash(input, &mut hasher).with_context(|| input.display().to_string())?;
    }
    let inputs = format!("{:016x}\n", hasher.finish());
    if result.exists() {
        match fs::read_to_string(stamp) {
            Ok(written) if written == inputs => return Ok(()),
            // What is made halfway must not be taken for what was there before.
            Ok(_) => fs::remove_file(stamp)?,
            Err(_) => {}
        }
    }
    make()?;
    Ok(fs::write(stamp, inputs)?)
}

fn hash(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    path.file_name().hash(hasher);
    if !path.is_dir() {
        fs::read(path)?.hash(hasher);
        return Ok(());
    }
    entries(path)?.iter().try_for_each(|entry| hash(entry, hasher))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_made_again_when_an_input_changed_or_making_failed() {
        let folder = std::env::temp_dir().join(format!("xtask-{}", std::process::id()));
        let (input, result) = (folder.join("input"), folder.join("result"));
        fs::create_dir_all(&input).unwrap();
        fs::write(input.join("a"), "1").unwrap();
        let made = |outcome: fn() -> Result<()>| {
            let mut made = false;
            let inputs = std::slice::from_ref(&input);
            let _ = unless_fresh(&result, &folder.join("stamp"), inputs, || {
                made = true;
                fs::write(&result, "")?;
                outcome()
            });
            made
        };

        assert!(made(|| Ok(())));
        assert!(!made(|| Ok(())));
        fs::remove_file(&result).unwrap();
        assert!(made(|| Ok(())));
        fs::write(input.join("a"), "2").unwrap();
        assert!(made(|| bail!("failed")));
        fs::write(input.join("a"), "1").unwrap();
        assert!(made(|| Ok(())));
        fs::rename(input.join("a"), input.join("b")).unwrap();
        assert!(made(|| Ok(())));
        fs::remove_dir_all(&folder).unwrap();
    }
}
