//! Which crate may use which: the table in `ARCHITECTURE.md` against the manifests.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::{Finding, Package, Workspace, finding};

const FILE: &str = "ARCHITECTURE.md";

/// The first cells of the header of the table.
const HEADER: [&str; 4] = ["Crate", "Knows", "May use", "May use in tests"];

/// What one row allows.
#[derive(Debug, Default, PartialEq, Eq)]
struct Allowed {
    always: BTreeSet<String>,
    in_tests: BTreeSet<String>,
}

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    let Some(text) = workspace.text(FILE) else {
        return vec![finding(FILE, "is missing")];
    };
    compare(&table(text), &workspace.packages)
}

/// Both ways: a crate uses nothing that its row does not name, and has a row; a row has a crate.
fn compare(table: &BTreeMap<String, Allowed>, packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        let Some(allowed) = table.get(&package.name) else {
            findings.push(finding(
                FILE,
                format!("the table has no row for `{}`", package.name),
            ));
            continue;
        };
        let forbidden = package.uses.difference(&allowed.always);
        let in_tests: BTreeSet<String> = allowed.always.union(&allowed.in_tests).cloned().collect();
        let forbidden_in_tests = package.uses_in_tests.difference(&in_tests);
        let place = format!("{}/Cargo.toml", package.folder);
        findings.extend(
            forbidden
                .map(|used| finding(&place, format!("`{}` must not use `{used}`", package.name))),
        );
        findings.extend(forbidden_in_tests.map(|used| {
            finding(
                &place,
                format!("tests of `{}` must not use `{used}`", package.name),
            )
        }));
    }
    let known: BTreeSet<&String> = packages.iter().map(|package| &package.name).collect();
    findings.extend(
        table
            .keys()
            .filter(|name| !known.contains(name))
            .map(|name| {
                finding(
                    FILE,
                    format!("the table has a row for `{name}`, which is no crate"),
                )
            }),
    );
    findings
}

fn table(text: &str) -> BTreeMap<String, Allowed> {
    text.lines()
        .map(cells)
        .skip_while(|cells| !cells.starts_with(&HEADER))
        .skip(2)
        .take_while(|cells| cells.len() > HEADER.len())
        .filter_map(|cells| match cells.as_slice() {
            [name, _, always, in_tests, ..] => {
                let allowed = Allowed {
                    always: names(always),
                    in_tests: names(in_tests),
                };
                Some((names(name).pop_first()?, allowed))
            }
            _ => None,
        })
        .collect()
}

/// The cells of a row of a Markdown table.
fn cells(line: &str) -> Vec<&str> {
    line.trim()
        .trim_matches('|')
        .split('|')
        .map(str::trim)
        .collect()
}

/// The names that a cell sets in code.
fn names(cell: &str) -> BTreeSet<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
text
| Crate | Knows | May use | May use in tests | Must not know |
| --- | --- | --- | --- | --- |
| `keys` | `identifiers` | — | — | anything |
| `store` | tables | `keys` | `pgtest` | HTTP |

| `gone` | a later table | `keys` | — | — |
";

    fn package(name: &str, uses: &[&str], uses_in_tests: &[&str]) -> Package {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Package {
            name: name.to_owned(),
            folder: format!("crates/{name}"),
            uses: own(uses),
            uses_in_tests: own(uses_in_tests),
            licence: None,
        }
    }

    #[test]
    fn crates_use_only_what_their_row_names() {
        let keys = package("keys", &[], &[]);
        for (store, complaints) in [
            (package("store", &["keys"], &["pgtest", "keys"]), &[][..]),
            (package("store", &[], &[]), &[]),
            (
                package("store", &["pgtest"], &[]),
                &["crates/store/Cargo.toml: `store` must not use `pgtest`"],
            ),
            (
                package("store", &[], &["app"]),
                &["crates/store/Cargo.toml: tests of `store` must not use `app`"],
            ),
            (
                package("other", &[], &[]),
                &[
                    "ARCHITECTURE.md: the table has no row for `other`",
                    "ARCHITECTURE.md: the table has a row for `store`, which is no crate",
                ],
            ),
        ] {
            let found = compare(&table(TABLE), &[keys.clone(), store]);
            assert_eq!(
                found.iter().map(ToString::to_string).collect::<Vec<_>>(),
                complaints
            );
        }
    }
}
