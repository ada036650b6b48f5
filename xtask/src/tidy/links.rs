//! Links inside the project lead somewhere.

use crate::workspace::{File, Finding, Workspace, finding};

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    workspace
        .ending(".md")
        .flat_map(|file| check_file(workspace, file))
        .collect()
}

fn check_file(workspace: &Workspace, file: &File) -> Vec<Finding> {
    targets(&file.text)
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .filter(|target| !leads_somewhere(workspace, file, target))
        .map(|target| finding(&file.path, format!("the link to `{target}` leads nowhere")))
        .collect()
}

/// The targets of inline links, outside code.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines()
        .filter(move |line| {
            let is_fence = line.trim_start().starts_with("```");
            in_code ^= is_fence;
            !in_code && !is_fence
        })
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|rest| rest.split([')', ' ']).next())
}

fn leads_somewhere(workspace: &Workspace, file: &File, target: &str) -> bool {
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = if path.is_empty() {
        file.path.clone()
    } else {
        resolve(folder, path)
    };
    let exists = workspace.root.join(&path).exists();
    // Anchors are looked up in our pages; those of sources are line numbers.
    // Anchors are looked up in our pages; those of sources are line numbers.
    let is_heading = || {
        workspace
            .ending(".md")
            .find(|page| page.path == path)
            .is_none_or(|page| headings(&page.text).any(|heading| heading == anchor))
    };
    exists && (anchor.is_empty() || is_heading())
}

/// A relative path, seen from the root.
fn resolve(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchors of a page's headings: lower case, words joined by hyphens, other signs left out.
fn headings(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|character| character.is_alphanumeric() || " -_".contains(*character))
                .map(|character| if character == ' ' { '-' } else { character })
                .collect()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_outside_code() {
        let text = "[a](b.md) and [c](d/e.md#f \"title\")\n```\n[x](y)\n```\n![p](q.png)";
        assert_eq!(
            targets(text).collect::<Vec<_>>(),
            ["b.md", "d/e.md#f", "q.png"]
        );
    }

    #[test]
    fn paths_are_resolved_from_their_page() {
        assert_eq!(
            resolve("docs/decisions", "../../crates/./keys"),
            "crates/keys"
        );
        assert_eq!(resolve("", "docs/"), "docs");
    }

    #[test]
    fn headings_become_anchors() {
        assert_eq!(
            headings("## `[auth.jwt]`: Keys & more\ntext").collect::<Vec<_>>(),
            ["authjwt-keys--more"]
        );
    }
}
