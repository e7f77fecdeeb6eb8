//! The licences of what the package contains: crates compiled into the module, `idb`, and Mozilla's roots.

#![allow(clippy::indexing_slicing, reason = "a JSON value answers null for what it lacks")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::build::TARGET;
use crate::project::{Project, output_of};
use crate::roots;

/// The text of THIRD-PARTY-NOTICES: every dependency with its version and licence, and each licence
/// text once with the names it belongs to.
pub(crate) fn notices(project: &Project) -> Result<String> {
    let mut components = crates(project)?;
    components.push(bundled(&project.root.join("www/node_modules/idb"))?);
    components.push(mozilla_roots(project)?);
    components.sort();

    let mut text = "smime-wasm contains the following software.\n\n".to_owned();
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Component { name, licence, files } in &components {
        writeln!(text, "{name}: {licence}")?;
        for file in files {
            texts.entry(file).or_default().push(name);
        }
    }
    for (licence, names) in texts {
        write!(text, "\n{}\n{}\n\n{licence}\n", "-".repeat(72), names.join(", "))?;
    }
    Ok(text)
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Component {
    /// With its version.
    name: String,
    /// As an SPDX expression.
    licence: String,
    /// The texts that come with it.
    files: Vec<String>,
}

/// What is linked into the module: normal dependencies for wasm, without macros, which only run here.
fn crates(project: &Project) -> Result<Vec<Component>> {
    let arguments = ["metadata", "--format-version=1", "--locked", "--filter-platform", TARGET];
    let metadata: Value = serde_json::from_str(&output_of(&mut project.cargo(&arguments))?)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();

    let packages: BTreeMap<String, Value> =
        list(&metadata["packages"]).into_iter().map(|p| (text(&p["id"]), p)).collect();
    let nodes: BTreeMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|n| (text(&n["id"]), n)).collect();
    let is_macro = |id: &str| {
        packages.get(id).is_some_and(|package| {
            list(&package["targets"])
                .iter()
                .any(|target| list(&target["kind"]).contains(&Value::from("proc-macro")))
        })
    };
    let own = packages.iter().find(|(_, package)| package["name"] == "smime-wasm");
    let (own, _) = own.context("cargo knows no smime-wasm")?;
    let (mut linked, mut waiting) = (BTreeSet::new(), vec![own.clone()]);
    while let Some(id) = waiting.pop() {
        let Some(node) = nodes.get(&id) else { continue };
        for dependency in list(&node["deps"]) {
            let is_normal =
                list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            let id = text(&dependency["pkg"]);
            if is_normal && !is_macro(&id) && linked.insert(id.clone()) {
                waiting.push(id);
            }
        }
    }
    // What has no registry as its source is ours.
    linked.retain(|id| packages.get(id).is_none_or(|package| !package["source"].is_null()));
    let component = |id: &String| -> Result<Component> {
        let package = packages.get(id).with_context(|| format!("cargo knows no {id}"))?;
        let manifest = text(&package["manifest_path"]);
        let folder = Path::new(&manifest).parent().context("a manifest without a folder")?;
        Ok(Component {
            name: format!("{} {}", text(&package["name"]), text(&package["version"])),
            licence: text(&package["license"]),
            files: licence_files(folder)?,
        })
    };
    linked.iter().map(component).collect()
}

/// An npm package that is bundled.
fn bundled(folder: &Path) -> Result<Component> {
    let manifest: Value = serde_json::from_str(&fs::read_to_string(folder.join("package.json"))?)?;
    let field = |name: &str| manifest[name].as_str().unwrap_or_default().to_owned();
    Ok(Component {
        name: format!("{} {}", field("name"), field("version")),
        licence: field("license"),
        files: licence_files(folder)?,
    })
}

/// The file has no comments to hold its notice; MPL-2.0, Exhibit A puts it in a place like this then.
const MPL_NOTICE: &str = "\
This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the
MPL was not distributed with this file, You can obtain one at https://mozilla.org/MPL/2.0/.

mozilla-roots.json was made from lib/ckfw/builtins/certdata.txt of NSS, which is to be had at
https://hg.mozilla.org/projects/nss.";

fn mozilla_roots(project: &Project) -> Result<Component> {
    let list: Value = serde_json::from_str(&fs::read_to_string(roots::file(project))?)?;
    let field = |name: &str| list[name].as_str().unwrap_or_default().to_owned();
    Ok(Component {
        name: format!("mozilla-roots.json, {}", field("source")),
        licence: field("licence"),
        files: vec![MPL_NOTICE.to_owned()],
    })
}

fn licence_files(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        if path.is_file()
            && ["LICENSE", "LICENCE", "COPYING", "NOTICE"]
                .iter()
                .any(|start| name.starts_with(start))
        {
            files.push(fs::read_to_string(&path)?.replace("\r\n", "\n").trim().to_owned());
        }
    }
    files.sort();
    Ok(files)
}
