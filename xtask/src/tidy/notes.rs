//! Notes to ourselves name the issue in which somebody will look after them.

use crate::source::words;
use crate::workspace::{File, Finding, Workspace, finding};

/// In two halves, so that this file has none.
const NOTES: [&str; 3] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
];

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    workspace.files.iter().flat_map(check_file).collect()
}

fn check_file(file: &File) -> Vec<Finding> {
    let lines = file.text.lines().enumerate();
    lines
        .filter(|(_, line)| {
            words(line)
                .any(|(at, word)| NOTES.contains(&word) && !is_numbered(line, at + word.len()))
        })
        .map(|(index, _)| {
            finding(
                format!("{}:{}", file.path, index + 1),
                "a note names its issue: `(#123)`",
            )
        })
        .collect()
}

fn is_numbered(line: &str, at: usize) -> bool {
    line.get(at..)
        .and_then(|rest| rest.strip_prefix("(#"))
        .and_then(|rest| rest.split_once(')'))
        .is_some_and(|(number, _)| number.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_names_its_issue() {
        let [note, ..] = NOTES;
        for (line, complaints) in [
            (format!("// {note}: later"), 1),
            (format!("// {note}(#12): later"), 0),
            (format!("// {note}(#): later"), 1),
            (format!("// {note}S is another word"), 0),
        ] {
            assert_eq!(
                check_file(&File {
                    path: "a.rs".to_owned(),
                    text: line.clone()
                })
                .len(),
                complaints,
                "{line}"
            );
        }
    }
}
