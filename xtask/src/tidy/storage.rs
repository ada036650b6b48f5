//! No type of the database libraries leaves `store`.
//!
//! An item of `store` that is `pub` and not `pub(crate)` can be reached from outside, which a lint sees to; so the rule
//! is that no such item's signature names such a type. Tables and migrations are left out: their modules are private,
//! and the macros of the library want their items public.

use std::collections::BTreeSet;

use crate::source::{blank, closing, head_end, line_of, words};
use crate::workspace::{File, Finding, Workspace, finding};

const SOURCE: &str = "crates/store/src/";
const LEFT_OUT: [&str; 2] = ["crates/store/src/tables", "crates/store/src/migrations"];
const LIBRARIES: [&str; 4] = ["sea_orm", "sea_orm_migration", "sea_query", "sqlx"];

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    workspace
        .ending(".rs")
        .filter(|file| file.path.starts_with(SOURCE))
        .filter(|file| {
            !LEFT_OUT
                .iter()
                .any(|left_out| file.path.starts_with(left_out))
        })
        .flat_map(check_file)
        .collect()
}

fn check_file(file: &File) -> Vec<Finding> {
    let blanked = blank(&file.text);
    let foreign = foreign_names(&blanked);
    public_signatures(&blanked)
        .filter_map(|(at, signature)| {
            let (_, name) = words(signature).find(|(_, word)| foreign.contains(*word))?;
            let place = format!("{}:{}", file.path, line_of(&blanked, at));
            Some(finding(
                place,
                format!("a public signature names `{name}`, which must not leave `store`"),
            ))
        })
        .collect()
}

/// The libraries' own names, and every name that the file takes from them, as the file calls it.
fn foreign_names(blanked: &str) -> BTreeSet<&str> {
    let imports = blanked
        .split("use ")
        .skip(1)
        .filter_map(|rest| rest.split(';').next());
    imports
        .filter(|path| {
            words(path)
                .next()
                .is_some_and(|(_, first)| LIBRARIES.contains(&first))
        })
        .flat_map(|path| path.split([',', '{', '}']))
        .filter_map(|part| words(part).last().map(|(_, word)| word))
        .filter(|word| word.starts_with(char::is_uppercase))
        .chain(LIBRARIES)
        .collect()
}

/// Every item or field that is `pub`: its text from `pub` to its body. Enums and traits count with their bodies.
fn public_signatures(blanked: &str) -> impl Iterator<Item = (usize, &str)> {
    words(blanked)
        .filter(|(_, word)| *word == "pub")
        .filter_map(|(at, _)| {
            let rest = blanked.get(at + 3..)?;
            if rest.starts_with('(') {
                return None;
            }
            let kind = words(rest).next().map(|(_, word)| word)?;
            let end = match kind {
                "enum" | "trait" => closing(blanked, head_end(blanked, at)?.0)?,
                "fn" | "async" | "const" | "static" | "struct" | "type" | "use" | "mod"
                | "unsafe" => head_end(blanked, at)?.0,
                _ => at + 3 + field_end(rest),
            };
            Some((at, blanked.get(at..end)?))
        })
}

/// Where a field's type ends: at the comma or brace that stands in no bracket.
fn field_end(text: &str) -> usize {
    let mut depth = 0_i32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'<' | b'(' | b'[' => depth += 1,
            b',' | b'}' | b')' if depth <= 0 => return at,
            b'>' | b')' | b']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn library_types_do_not_leave_in_public_signatures() {
        for (text, complaints) in [
            (
                "use sea_orm::{DbErr, Set as _};\npub fn f() -> Result<(), DbErr> {}",
                1,
            ),
            (
                "use sea_orm::{DbErr, Set as _};\npub(crate) fn f() -> Result<(), DbErr> {}",
                0,
            ),
            (
                "use sea_orm::DbErr;\nfn f() -> DbErr {}\npub fn g() -> u8 { let x: DbErr; }",
                0,
            ),
            (
                "pub async fn f(\n    db: &sea_orm::DatabaseConnection,\n) {}",
                1,
            ),
            (
                "use sea_query::Expr;\npub struct S { pub a: Map<u8, Expr>, b: u8 }",
                1,
            ),
            (
                "use sea_query::Expr;\npub struct S { pub a: Map<u8, u8>, b: Expr }",
                0,
            ),
            (
                "use sea_query::Expr;\npub struct S(Expr);\npub struct T { e: Expr }",
                1,
            ),
            ("use sea_orm::DbErr;\npub enum E { Broken(DbErr) }", 1),
            ("pub use sea_orm::DbErr;", 1),
            (
                "use sea_orm::sqlx::Error as Lost;\npub enum E { Broken(Box<dyn Error>) }",
                0,
            ),
            (
                "use sea_orm::sqlx::Error as Lost;\npub enum E { Broken(Lost) }",
                1,
            ),
            ("use crate::DbErr;\npub fn f() -> DbErr {}", 0),
        ] {
            let file = File {
                path: "crates/store/src/x.rs".to_owned(),
                text: text.to_owned(),
            };
            assert_eq!(check_file(&file).len(), complaints, "{text}");
        }
    }
}
