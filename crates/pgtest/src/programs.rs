//! Where PostgreSQL's programs are.

use std::path::{Path, PathBuf};
use std::process::Command;

#[expect(
    clippy::disallowed_methods,
    reason = "the settings of the program are no business of its tests' tools"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The folder of `initdb`, `pg_ctl` and `postgres`: on the path, where Debian keeps them (the
/// newest version), or where `pg_config` says.
pub(crate) fn server_folder() -> Option<PathBuf> {
    let has_server = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres"]
            .iter()
            .all(|program| folder.join(program).is_file())
    };
    path().chain(debian()).chain(pg_config()).find(has_server)
}

/// The program `psql`: beside the server, or on the path.
pub(crate) fn psql(server_folder: Option<&Path>) -> Option<PathBuf> {
    server_folder
        .map(Path::to_path_buf)
        .into_iter()
        .chain(path())
        .map(|folder| folder.join("psql"))
        .find(|program| program.is_file())
}

fn path() -> impl Iterator<Item = PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path)
        // `initdb` finds its data beside the true program, not beside a link to it.
        .map(|folder| {
            let program = folder.join("initdb").canonicalize();
            let parent = program
                .ok()
                .and_then(|program| Some(program.parent()?.to_path_buf()));
            parent.unwrap_or(folder)
        })
        .collect();
    folders.into_iter()
}

fn debian() -> impl Iterator<Item = PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let mut folders: Vec<(u32, PathBuf)> = versions
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|version| {
            let number = version.file_name().to_str()?.parse().ok()?;
            Some((number, version.path().join("bin")))
        })
        .collect();
    folders.sort_unstable_by(|left, right| right.cmp(left));
    folders.into_iter().map(|(_, folder)| folder)
}

fn pg_config() -> Option<PathBuf> {
    let answer = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(answer.stdout).ok()?;
    Some(PathBuf::from(folder.trim()))
}
