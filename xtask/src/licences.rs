//! The licences and the doubled versions of everything that the program is built from.
//!
//! `deny.toml` says what is allowed, in the words of cargo-deny, which reads the same file. cargo-deny takes many
//! minutes to build and knows advisories besides; this check needs nothing but `cargo tree`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::workspace::{Finding, Workspace, finding};

const FILE: &str = "deny.toml";

/// What `deny.toml` allows.
struct Rules {
    licences: BTreeSet<String>,
    skipped: Vec<String>,
}

/// A package that the program is built from.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    licence: String,
}

pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<Vec<Finding>> {
    let rules = rules(workspace.text(FILE).context("deny.toml is missing")?)?;
    let packages = built(&workspace.root)?;
    let mut findings = licences(&rules, &packages);
    findings.extend(doubles(&rules, &packages));
    Ok(findings)
}

/// What `provost` links and what its build runs, without tests, on this machine's system.
fn built(root: &Path) -> anyhow::Result<BTreeSet<Package>> {
    let output = Command::new("cargo")
        .args([
            "tree",
            "--locked",
            "--package",
            "provost",
            "--edges",
            "normal,build",
        ])
        .args(["--prefix", "none", "--format", "{p}|{l}"])
        .current_dir(root)
        .output()
        .context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "cargo tree failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().filter_map(package).collect())
}

/// Reads `name v1.2.3 (…)|licence (*)`; the brackets say what kind of crate it is, and that it was listed before.
fn package(line: &str) -> Option<Package> {
    let (package, licence) = line.split_once('|')?;
    let mut words = package.split_whitespace();
    Some(Package {
        name: words.next()?.to_owned(),
        version: words.next()?.strip_prefix('v')?.to_owned(),
        licence: licence.trim_end_matches("(*)").trim().to_owned(),
    })
}

fn rules(text: &str) -> anyhow::Result<Rules> {
    let table: toml::Table = text.parse()?;
    let values = |section: &str, key: &str| {
        let values = table
            .get(section)
            .and_then(|section| section.get(key))
            .and_then(toml::Value::as_array);
        values.cloned().unwrap_or_default()
    };
    Ok(Rules {
        licences: values("licenses", "allow")
            .iter()
            .filter_map(toml::Value::as_str)
            .map(str::to_owned)
            .collect(),
        skipped: values("bans", "skip")
            .iter()
            .filter_map(|skip| skip.get("crate").and_then(toml::Value::as_str))
            .map(str::to_owned)
            .collect(),
    })
}

fn licences(rules: &Rules, packages: &BTreeSet<Package>) -> Vec<Finding> {
    packages
        .iter()
        .filter(|package| !is_allowed(&package.licence, &rules.licences))
        .map(|package| {
            finding(
                FILE,
                format!("`{}` has the licence `{}`", package.name, package.licence),
            )
        })
        .collect()
}

/// Whether an SPDX expression can be met with the allowed licences. Old manifests write `/` for `OR`.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let (is_allowed, rest) = either(&tokens, allowed);
    is_allowed && rest.is_empty()
}

/// `a OR b …`
fn either<'a>(tokens: &'a [&'a str], allowed: &BTreeSet<String>) -> (bool, &'a [&'a str]) {
    let (mut is_allowed, mut rest) = both(tokens, allowed);
    while let ["OR", after @ ..] = rest {
        let (other, further) = both(after, allowed);
        is_allowed |= other;
        rest = further;
    }
    (is_allowed, rest)
}

/// `a AND b …`, which binds more tightly.
fn both<'a>(tokens: &'a [&'a str], allowed: &BTreeSet<String>) -> (bool, &'a [&'a str]) {
    let (mut is_allowed, mut rest) = one(tokens, allowed);
    while let ["AND", after @ ..] = rest {
        let (other, further) = one(after, allowed);
        is_allowed &= other;
        rest = further;
    }
    (is_allowed, rest)
}

/// A licence, perhaps with an exception, or an expression in parentheses.
fn one<'a>(tokens: &'a [&'a str], allowed: &BTreeSet<String>) -> (bool, &'a [&'a str]) {
    match tokens {
        ["(", inside @ ..] => match either(inside, allowed) {
            (is_allowed, [")", rest @ ..]) => (is_allowed, rest),
            (_, rest) => (false, rest),
        },
        [licence, "WITH", exception, rest @ ..] => (
            allowed.contains(&format!("{licence} WITH {exception}")),
            rest,
        ),
        [licence, rest @ ..] => (allowed.contains(*licence), rest),
        [] => (false, tokens),
    }
}

/// Crates that are built in several versions, all but one of which must be skipped with a reason; and idle skips.
fn doubles(rules: &Rules, packages: &BTreeSet<Package>) -> Vec<Finding> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        versions
            .entry(&package.name)
            .or_default()
            .insert(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let skips = |skip: &str, name: &str, version: &str| {
        let (skipped, prefix) = skip.split_once('@').unwrap_or((skip, ""));
        skipped == name && format!("{version}.").starts_with(&format!("{prefix}."))
    };
    let unskipped = versions.iter().filter_map(|(name, versions)| {
        let left: Vec<&str> = versions
            .iter()
            .filter(|version| !rules.skipped.iter().any(|skip| skips(skip, name, version)))
            .copied()
            .collect();
        (left.len() > 1).then(|| {
            finding(
                FILE,
                format!("`{name}` is built in the versions {}", left.join(" and ")),
            )
        })
    });
    let is_idle = |skip: &&String| {
        !versions
            .iter()
            .any(|(name, versions)| versions.iter().any(|version| skips(skip, name, version)))
    };
    let idle = rules
        .skipped
        .iter()
        .filter(is_idle)
        .map(|skip| finding(FILE, format!("the skip `{skip}` is idle")));
    unskipped.chain(idle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_met_by_allowed_licences() {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "ISC"]
            .map(str::to_owned)
            .into();
        for (expression, is_met) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("GPL-3.0 OR MIT", true),
            ("GPL-3.0 AND MIT", false),
            ("MIT/Unlicense", true),
            ("(GPL-3.0 OR MIT) AND ISC", true),
            ("(GPL-3.0 OR MIT) AND BSL-1.0", false),
            ("GPL-3.0 OR MIT AND BSL-1.0", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("MIT WITH LLVM-exception", false),
            ("(MIT", false),
            ("MIT ISC", false),
            ("", false),
        ] {
            assert_eq!(is_allowed(expression, &allowed), is_met, "{expression}");
        }
    }

    #[test]
    fn a_second_version_needs_a_reason_and_a_reason_a_second_version() {
        let lines = [
            "a v1.0.0|MIT",
            "a v2.0.0 (proc-macro)|MIT (*)",
            "a v10.0.0|MIT",
            "b v1.0.0|MIT",
        ];
        let packages: BTreeSet<Package> = lines.into_iter().filter_map(package).collect();
        for (skipped, complaints) in [
            (&["a@1", "a@2"][..], &[][..]),
            (
                &["a@1"],
                &["deny.toml: `a` is built in the versions 10.0.0 and 2.0.0"],
            ),
            (&["a@1", "a@2", "b"], &["deny.toml: the skip `b` is idle"]),
        ] {
            let rules = Rules {
                licences: BTreeSet::new(),
                skipped: skipped.iter().map(|skip| (*skip).to_owned()).collect(),
            };
            let found: Vec<String> = doubles(&rules, &packages)
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(found, complaints);
        }
    }
}
