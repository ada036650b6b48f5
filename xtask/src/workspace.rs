//! The workspace: its files and its packages.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::Value;

/// A rule that is broken somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The file, perhaps with a line, relative to the root.
    pub(crate) place: String,
    /// What is wrong, and if it is not plain, what to do.
    pub(crate) what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.what)
    }
}

/// A finding at a place.
pub(crate) fn finding(place: impl fmt::Display, what: impl Into<String>) -> Finding {
    Finding {
        place: place.to_string(),
        what: what.into(),
    }
}

/// A text file, with its path relative to the root.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// The path, with `/` between its parts.
    pub(crate) path: String,
    /// The text.
    pub(crate) text: String,
}

/// A crate of ours.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    /// The folder's name, e.g. `keys`; packages carry it with a prefix.
    pub(crate) name: String,
    /// The folder, relative to the root.
    pub(crate) folder: String,
    /// Crates of ours that it uses, by folder name.
    pub(crate) uses: BTreeSet<String>,
    /// Crates of ours that only its tests and benchmarks use.
    pub(crate) uses_in_tests: BTreeSet<String>,
    /// The licence that its manifest names.
    pub(crate) licence: Option<String>,
}

/// The workspace, read once.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The root folder.
    pub(crate) root: PathBuf,
    /// Every text file under the root that is ours.
    pub(crate) files: Vec<File>,
    /// Our crates.
    pub(crate) packages: Vec<Package>,
}

/// What the names of files end with that the rules are about.
const KINDS: [&str; 9] = [
    "rs", "md", "toml", "txt", "yml", "yaml", "sh", "policy", "justfile",
];

impl Workspace {
    /// Reads the workspace that this program was built in.
    pub(crate) fn open() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask has no parent folder")?
            .to_owned();
        let mut files = Vec::new();
        read_folder(&root, &root, &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let metadata = metadata(&root, &["--no-deps"])?;
        let packages = list(&metadata, "packages")
            .filter_map(|package| read_package(&root, package))
            .collect();
        Ok(Self {
            root,
            files,
            packages,
        })
    }

    /// The text of a file, if it exists.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.path == path)
            .map(|file| file.text.as_str())
    }

    /// The files whose name ends so.
    pub(crate) fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = &'a File> {
        self.files
            .iter()
            .filter(move |file| file.path.ends_with(end))
    }
}

/// What `cargo metadata` says.
pub(crate) fn metadata(root: &Path, more: &[&str]) -> anyhow::Result<Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(more)
        .current_dir(root)
        .output()
        .context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A list in a JSON object, empty when it is not there.
pub(crate) fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// A text in a JSON object.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<File>) -> anyhow::Result<()> {
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let is_ours = !name.starts_with('.') || name == ".ci";
        if path.is_dir() {
            if is_ours && name != "target" {
                read_folder(root, &path, files)?;
            }
        } else if is_text(&path) {
            let text =
                std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            files.push(File {
                path: relative(root, &path),
                text,
            });
        }
    }
    Ok(())
}

/// Whether the rules are about a file: by its kind, or because it is a script of CI.
fn is_text(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name);
    folder.is_some_and(|folder| folder == ".ci")
        || KINDS.contains(&name.rsplit('.').next().unwrap_or_default())
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

fn read_package(root: &Path, package: &Value) -> Option<Package> {
    let folder = relative(root, Path::new(text(package, "manifest_path")?).parent()?);
    let used = |in_tests: bool| {
        list(package, "dependencies")
            .filter(|dependency| (text(dependency, "kind") == Some("dev")) == in_tests)
            .filter_map(|dependency| text(dependency, "path"))
            .filter_map(|path| Some(Path::new(path).file_name()?.to_string_lossy().into_owned()))
            .collect()
    };
    Some(Package {
        name: folder.rsplit('/').next()?.to_owned(),
        uses: used(false),
        uses_in_tests: used(true),
        licence: text(package, "license").map(str::to_owned),
        folder,
    })
}
