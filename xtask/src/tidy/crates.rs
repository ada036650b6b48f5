//! What every crate says about itself: what it is for, its invariants, its licence, its lints.

use crate::workspace::{Finding, Package, Workspace, finding};

const LICENCE: &str = "MIT OR Apache-2.0";

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    let texts = ["LICENSE-MIT", "LICENSE-APACHE"]
        .into_iter()
        .filter(|name| !workspace.root.join(name).is_file())
        .map(|name| finding(name, "is missing"));
    texts
        .chain(
            workspace
                .packages
                .iter()
                .flat_map(|package| check_package(workspace, package)),
        )
        .collect()
}

fn check_package(workspace: &Workspace, package: &Package) -> Vec<Finding> {
    let mut findings = Vec::new();
    let manifest = format!("{}/Cargo.toml", package.folder);
    if package.licence.as_deref() != Some(LICENCE) {
        findings.push(finding(
            &manifest,
            format!("the licence must be `{LICENCE}`"),
        ));
    }
    if !workspace
        .text(&manifest)
        .unwrap_or_default()
        .contains("[lints]\nworkspace = true")
    {
        findings.push(finding(
            &manifest,
            "must take over the lints of the workspace",
        ));
    }
    let library = ["src/lib.rs", "src/main.rs"]
        .map(|file| format!("{}/{file}", package.folder))
        .into_iter()
        .find_map(|path| workspace.text(&path).map(|text| (path, text)));
    match library {
        Some((path, text)) => findings.extend(check_docs(text).map(|what| finding(path, what))),
        None => findings.push(finding(
            &package.folder,
            "has neither src/lib.rs nor src/main.rs",
        )),
    }
    findings
}

/// What the opening of a crate lacks, if anything.
fn check_docs(text: &str) -> Option<&'static str> {
    let opening: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .collect();
    if opening.is_empty() {
        return Some("must open with what the crate knows and what it must not know");
    }
    let has_invariant = opening.iter().any(|line| line.starts_with("Invariant: "));
    (!has_invariant)
        .then_some("must name at least one invariant, on a line that begins with `Invariant: `")
}

#[cfg(test)]
mod tests {
    use super::check_docs;

    #[test]
    fn a_crate_opens_with_its_invariants() {
        for (text, is_complete) in [
            (
                "//! A crate.\n//!\n//! Invariant: it holds.\n\nmod a;",
                true,
            ),
            ("//! A crate.\n\nmod a; // Invariant: too late.", false),
            ("mod a;", false),
        ] {
            assert_eq!(check_docs(text).is_none(), is_complete, "{text}");
        }
    }
}
