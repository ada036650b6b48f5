//! Settings as text: the ones in force, as a settings file that says where each value came from.

use std::fmt::Write;

use serde_json::Value;

use super::{Key, Loaded};

impl Loaded {
    /// The settings in force as TOML, secrets masked, each with its source as a comment.
    #[must_use]
    pub fn show(&self) -> String {
        let values = serde_json::to_value(&self.settings).unwrap_or(Value::Null);
        let mut text = String::new();
        let mut section = String::new();
        for key in Key::all() {
            if key.section != section {
                section.clone_from(&key.section);
                let gap = if text.is_empty() { "" } else { "\n" };
                let _ = writeln!(text, "{gap}[{section}]");
            }
            let path = key.path();
            let origin = self.origins.get(&path).map_or("default", String::as_str);
            let _ = match values.pointer(&format!("/{}", path.replace('.', "/"))) {
                None | Some(Value::Null) => writeln!(text, "# {} is not set", key.name),
                Some(value) => writeln!(text, "{} = {} # {origin}", key.name, toml(value)),
            };
        }
        text
    }
}

/// A value as TOML writes it. JSON's texts, numbers and lists are TOML's, except for the one control character that
/// JSON leaves bare.
pub(super) fn toml(value: &Value) -> String {
    value.to_string().replace('\u{7f}', "\\u007f")
}
