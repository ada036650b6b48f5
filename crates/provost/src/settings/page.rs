//! The page `docs/settings.md`, generated so that it cannot miss a setting.

use std::fmt::Write;

use super::{Key, Kind, show};

/// The page as Markdown.
#[must_use]
pub fn page() -> String {
    let mut text = String::from(OPENING);
    let mut section = String::new();
    for key in Key::all() {
        if key.section != section {
            section.clone_from(&key.section);
            let _ = write!(text, "\n## `[{section}]`\n\n");
        }
        let _ = writeln!(
            text,
            "- `{}` — {} {}",
            key.name,
            key.description,
            facts(&key)
        );
    }
    text
}

const OPENING: &str = "\
# Settings

<!-- Written by `just settings`; a test compares it with the program. -->

Settings come from three sources, each stronger than the one before:

1. a TOML file: the one that `--config FILE` names, or `provost.toml` in the current folder if it is there;
2. environment variables `PROVOST__SECTION__KEY`, e.g. `PROVOST__AUTH__JWT__SECRET` for `secret` in `[auth.jwt]`; a list is
   separated by commas;
3. flags: `--set section.key=value`, and `--database` and `--listen` for the two most used.

`auth.jwt.public_jwk_set`, `auth.jwt.private_signing_key` and `mfe.platform_settings` may be `@FILE`: the text is then read from that
file.

Unknown names are refused in all three. `provost settings check` says what is wrong or doubtful, `provost settings show` prints
what is in force and where each value came from, and `provost settings schema` prints a JSON Schema for editors.
";

/// The kind, the choices and the default of a setting, as one sentence.
fn facts(key: &Key) -> String {
    let kind = match (key.kind, key.choices.is_empty()) {
        (Kind::List, false) => format!("A list of {}", quoted(&key.choices)),
        (_, false) => format!("One of {}", quoted(&key.choices)),
        (Kind::Text, true) => "A text".to_owned(),
        (Kind::Flag, true) => "`true` or `false`".to_owned(),
        (Kind::Whole, true) => "A whole number".to_owned(),
        (Kind::Number, true) => "A number".to_owned(),
        (Kind::List, true) => "A list of texts".to_owned(),
    };
    let secret = if key.secret { "; secret" } else { "" };
    match &key.default {
        Some(default) => format!("*{kind}{secret}; default `{}`.*", show::toml(default)),
        None => format!("*{kind}{secret}; not set by default.*"),
    }
}

fn quoted(choices: &[String]) -> String {
    choices
        .iter()
        .map(|choice| format!("`\"{choice}\"`"))
        .collect::<Vec<_>>()
        .join(", ")
}
