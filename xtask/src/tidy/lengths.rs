//! Files and functions that can be read at one go. Tests are not counted.

use crate::source::{blank, functions, line_of, test_spans};
use crate::workspace::{File, Finding, Workspace, finding};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 40;

/// What may be longer, with its reason.
const EXCEPTIONS: &str = "xtask/long.txt";

/// Something longer than its limit.
#[derive(Debug, PartialEq, Eq)]
struct Long {
    /// `FILE`, or `FILE FUNCTION`.
    name: String,
    /// The file, perhaps with a line.
    place: String,
    lines: usize,
    limit: usize,
}

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    let is_counted = |file: &&File| file.path.contains("src/") && !is_test(&file.path);
    let long = workspace
        .ending(".rs")
        .filter(is_counted)
        .flat_map(measure)
        .collect();
    compare(long, workspace.text(EXCEPTIONS).unwrap_or_default())
}

/// Whether a file under `src` holds tests and nothing else.
fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// What is too long without being excepted, and exceptions that are idle.
fn compare(long: Vec<Long>, exceptions: &str) -> Vec<Finding> {
    let excepted: Vec<&str> = exceptions
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some(line.split_once(": ")?.0))
        .collect();
    let is_idle = |name: &&&str| !long.iter().any(|long| long.name == **name);
    let idle = excepted
        .iter()
        .filter(is_idle)
        .map(|name| finding(EXCEPTIONS, format!("the exception of `{name}` is idle")));
    let idle: Vec<Finding> = idle.collect();
    long.into_iter()
        .filter(|long| !excepted.contains(&long.name.as_str()))
        .map(|long| {
            finding(
                long.place,
                format!("{} lines without tests; at most {}", long.lines, long.limit),
            )
        })
        .chain(idle)
        .collect()
}

fn measure(file: &File) -> Vec<Long> {
    let blanked = blank(&file.text);
    let tested: usize = test_spans(&blanked)
        .iter()
        .map(|span| line_of(&blanked, span.end) - line_of(&blanked, span.start) + 1)
        .sum();
    let whole = Long {
        name: file.path.clone(),
        place: file.path.clone(),
        lines: file.text.lines().count().saturating_sub(tested),
        limit: FILE_LINES,
    };
    let functions = functions(&blanked).into_iter().map(|function| Long {
        name: format!("{} {}", file.path, function.name),
        place: format!("{}:{}", file.path, function.line),
        lines: function.lines,
        limit: FUNCTION_LINES,
    });
    std::iter::once(whole)
        .chain(functions)
        .filter(|long| long.lines > long.limit)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn too_long(text: String) -> usize {
        measure(&File {
            path: "crates/x/src/lib.rs".to_owned(),
            text,
        })
        .len()
    }

    #[test]
    fn length_is_counted_without_tests() {
        let body = |lines: usize| "    x;\n".repeat(lines);
        assert_eq!(too_long("// x\n".repeat(400)), 0);
        assert_eq!(too_long("// x\n".repeat(401)), 1);
        assert_eq!(
            too_long(format!(
                "{}#[cfg(test)]\nmod tests {{\n{}}}\n",
                "// x\n".repeat(400),
                body(100)
            )),
            0
        );
        assert_eq!(too_long(format!("fn a() {{\n{}}}\n", body(38))), 0);
        assert_eq!(too_long(format!("fn a() {{\n{}}}\n", body(39))), 1);
    }

    #[test]
    fn an_exception_is_heeded_and_must_be_needed() {
        let long = || {
            vec![Long {
                name: "a.rs b".to_owned(),
                place: "a.rs:1".to_owned(),
                lines: 41,
                limit: 40,
            }]
        };
        for (exceptions, complaints) in [
            ("a.rs b: a table", &[][..]),
            (
                "# a.rs b: a table",
                &["a.rs:1: 41 lines without tests; at most 40"],
            ),
            (
                "a.rs b: a table\na.rs: a list",
                &["xtask/long.txt: the exception of `a.rs` is idle"],
            ),
        ] {
            let found: Vec<String> = compare(long(), exceptions)
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(found, complaints);
        }
    }
}
