//! Decision records: one page each, in three parts, and all in the list.

use crate::workspace::{File, Finding, Workspace, finding};

const FOLDER: &str = "docs/decisions/";
const LIST: &str = "docs/decisions/README.md";

/// What fits on a page.
const PAGE: usize = 60;

const PARTS: [&str; 3] = ["## Context", "## Decision", "## Consequences"];

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    let list = workspace.text(LIST).unwrap_or_default();
    workspace
        .ending(".md")
        .filter(|file| file.path.starts_with(FOLDER) && file.path != LIST)
        .flat_map(|file| check_record(file, list))
        .collect()
}

fn check_record(file: &File, list: &str) -> Vec<Finding> {
    let name = file.path.trim_start_matches(FOLDER);
    let mut findings = Vec::new();
    let number = name
        .split_once('-')
        .map(|(number, _)| number)
        .unwrap_or_default();
    if number.len() != 4 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        findings.push(finding(&file.path, "must be named `NNNN-title.md`"));
    }
    if !list.contains(&format!("({name})")) {
        findings.push(finding(LIST, format!("does not list {name}")));
    }
    let lines = file.text.lines().count();
    if lines > PAGE {
        findings.push(finding(
            &file.path,
            format!("has {lines} lines, and a page has {PAGE}"),
        ));
    }
    let missing = PARTS
        .iter()
        .filter(|part| !file.text.lines().any(|line| line == **part));
    findings.extend(missing.map(|part| finding(&file.path, format!("lacks the part `{part}`"))));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_numbered_listed_short_and_in_three_parts() {
        let whole = "# T\n## Context\n## Decision\n## Consequences\n";
        let long = format!("{whole}{}", "line\n".repeat(PAGE));
        for (name, text, complaints) in [
            ("0001-listed.md", whole, 0),
            ("0002-unlisted.md", whole, 1),
            ("listed.md", whole, 1),
            ("0001-listed.md", "# T\n## Context\n", 2),
            ("0001-listed.md", &long, 1),
        ] {
            let file = File {
                path: format!("{FOLDER}{name}"),
                text: text.to_owned(),
            };
            let list = "- [a](0001-listed.md)\n- [b](listed.md)";
            assert_eq!(check_record(&file, list).len(), complaints, "{name}");
        }
    }
}
