//! The rules of the workspace.

mod arrows;
mod crates;
mod decisions;
mod lengths;
mod links;
mod notes;
mod storage;

use crate::workspace::{Finding, Workspace};

/// Everything that breaks a rule; empty in a tidy workspace.
pub(crate) fn check(workspace: &Workspace) -> Vec<Finding> {
    let checks = [
        arrows::check,
        crates::check,
        decisions::check,
        lengths::check,
        links::check,
        notes::check,
        storage::check,
    ];
    checks.iter().flat_map(|check| check(workspace)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        let findings = check(&Workspace::open().unwrap());
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "\n{}", lines.join("\n"));
    }
}
