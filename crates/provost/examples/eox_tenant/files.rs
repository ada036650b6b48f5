//! What is kept in files: the journal, and the state, which is the journal of all runs and is carried out again at the start.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::Model;

/// A write that was carried out.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) method: String,
    /// The path below the API's base, with the query.
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    pub(crate) id: i64,
}

/// The files to which writes are appended.
#[derive(Debug)]
pub(crate) struct Files(Vec<File>);

impl Files {
    /// Opens the files. Gives, with them, what the state holds.
    pub(crate) fn open(
        journal: Option<&Path>,
        state: Option<&Path>,
    ) -> anyhow::Result<(Self, Model)> {
        let model = state.map(replay).transpose()?.unwrap_or_default();
        let files = [journal, state].into_iter().flatten().map(append);
        Ok((Self(files.collect::<Result<_, _>>()?), model))
    }

    /// Appends a line to each. It is with the system when this returns, so that it outlives the process.
    pub(crate) fn append(&mut self, line: &Line) -> anyhow::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        for file in &mut self.0 {
            file.write_all(&text)?;
        }
        Ok(())
    }
}

fn append(path: &Path) -> anyhow::Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))
}

/// Carries out what a file holds. A last line that was cut off by the end of a run was never answered; it is removed.
fn replay(path: &Path) -> anyhow::Result<Model> {
    let mut model = Model::default();
    let mut text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        read => read.with_context(|| format!("cannot read {}", path.display()))?,
    };
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    if whole < text.len() {
        text.truncate(whole);
        std::fs::write(path, &text)?;
    }
    for (number, line) in text.lines().enumerate() {
        let place = || format!("line {} of {}", number + 1, path.display());
        let line: Line = serde_json::from_str(line).with_context(place)?;
        let reply = model.answer(&line.method, &line.path, line.body.as_ref());
        ensure!(
            reply.written == Some(line.id),
            "{} cannot be carried out again",
            place()
        );
    }
    Ok(model)
}
