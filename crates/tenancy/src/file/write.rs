//! A file as YAML that every reader of YAML takes for the same: of version 1.1 too, where `no` and
//! `on` are truth values, `1:30` is a number and `2026-04-10` a date.

use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

use super::File;
use crate::show::is_unseen;

/// How wide a list of short texts may be to stand in one line, in characters.
const LINE: usize = 72;

pub(super) fn yaml(file: &File) -> String {
    let mut out = Writer {
        text: String::new(),
    };
    if file.tenants.is_empty() {
        return "tenants: []\n".to_owned();
    }
    out.text.push_str("tenants:\n");
    for (index, entry) in file.tenants.iter().enumerate() {
        if index > 0 {
            out.text.push('\n');
        }
        // Entries are structs of texts, numbers and JSON: they always have a JSON form.
        let entry = serde_json::to_value(entry).unwrap_or_default();
        out.text.push_str("  -");
        out.value(&entry, 4, true);
    }
    out.text
}

struct Writer {
    text: String,
}

impl Writer {
    /// Writes a value behind `key:` or `-`, and the end of its last line. What does not fit behind it is
    /// written below, `indent` spaces in; but the first member of an object in a list stands behind
    /// its hyphen.
    fn value(&mut self, value: &Value, indent: usize, is_item: bool) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                self.members(members, indent, is_item);
            }
            Value::Array(items) if !items.is_empty() => match one_line(items) {
                Some(line) => self.line(&line),
                None => self.items(items, indent),
            },
            Value::String(text) if is_block(text) => self.block(text, indent),
            other => self.line(&scalar(other)),
        }
    }

    fn line(&mut self, text: &str) {
        // Writing to a String does not fail.
        let _ = writeln!(self.text, " {text}");
    }

    fn members(&mut self, members: &Map<String, Value>, indent: usize, is_item: bool) {
        for (index, (name, value)) in members.iter().enumerate() {
            if index == 0 && is_item {
                self.text.push(' ');
            } else {
                if index == 0 {
                    self.text.push('\n');
                }
                self.indent(indent);
            }
            // A simple key has at most 1,024 characters.
            let key = text(name);
            if key.chars().count() > 1000 {
                self.text.push_str("? ");
                self.text.push_str(&key);
                self.text.push('\n');
                self.indent(indent);
            } else {
                self.text.push_str(&key);
            }
            self.text.push(':');
            self.value(value, indent.saturating_add(2), false);
        }
    }

    fn items(&mut self, items: &[Value], indent: usize) {
        self.text.push('\n');
        for item in items {
            self.indent(indent);
            self.text.push('-');
            match item {
                // A list in a list would need hyphens side by side: it stands below its own.
                Value::Array(_) => self.value(item, indent.saturating_add(2), false),
                _ => self.value(item, indent.saturating_add(2), true),
            }
        }
    }

    /// A text of several lines, as it is.
    fn block(&mut self, text: &str, indent: usize) {
        self.text.push_str(if text.ends_with('\n') {
            " |\n"
        } else {
            " |-\n"
        });
        for line in text.lines() {
            if !line.is_empty() {
                self.indent(indent);
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn indent(&mut self, spaces: usize) {
        self.text.extend(std::iter::repeat_n(' ', spaces));
    }
}

/// A short list of texts and numbers on one line.
fn one_line(items: &[Value]) -> Option<String> {
    let mut line = String::from("[");
    for (index, item) in items.iter().enumerate() {
        if matches!(item, Value::Array(_) | Value::Object(_)) {
            return None;
        }
        if index > 0 {
            line.push_str(", ");
        }
        // Older readers stumble over a bare colon between brackets.
        line.push_str(&match item {
            Value::String(text) if text.contains(':') => in_quotes(text),
            other => scalar(other),
        });
        if line.len() > LINE {
            return None;
        }
    }
    line.push(']');
    Some(line)
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => number(value),
        Value::String(value) => text(value),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
    }
}

/// YAML 1.1 takes `1e30` for a text, and `1.0e+30` for a number.
fn number(value: &Number) -> String {
    let text = value.to_string();
    match text.split_once('e') {
        Some((digits, power)) => {
            let point = if digits.contains('.') { "" } else { ".0" };
            let sign = if power.starts_with(['-', '+']) {
                ""
            } else {
                "+"
            };
            format!("{digits}{point}e{sign}{power}")
        }
        None => text,
    }
}

/// A text without quotes if nothing in it means anything to YAML, and in double quotes otherwise.
fn text(value: &str) -> String {
    if is_plain(value) {
        value.to_owned()
    } else {
        in_quotes(value)
    }
}

/// Whether a text needs no quotes: words of ASCII letters, the first beginning with a letter, and no
/// word that stands for a value.
fn is_plain(text: &str) -> bool {
    let begins = text
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'/');
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b" ._-/:@+".contains(&byte);
    let is_value = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    begins
        && !is_value
        && text.bytes().all(is_inner)
        && !text.contains(": ")
        && !text.ends_with([' ', ':'])
}

fn in_quotes(value: &str) -> String {
    let mut out = String::with_capacity(value.len().saturating_add(2));
    out.push('"');
    for letter in value.chars() {
        // Writing to a String does not fail.
        let _ = match letter {
            '"' => out.write_str("\\\""),
            '\\' => out.write_str("\\\\"),
            '\n' => out.write_str("\\n"),
            '\t' => out.write_str("\\t"),
            _ if is_unseen(letter) && u32::from(letter) > 0xffff => {
                write!(out, "\\U{:08X}", u32::from(letter))
            }
            _ if is_unseen(letter) => write!(out, "\\u{:04X}", u32::from(letter)),
            _ => out.write_char(letter),
        };
    }
    out.push('"');
    out
}

/// Whether a text has several lines and comes back from a block of them as it was: a block drops
/// nothing, but ends in one line end or none, begins with a text, and carries what can be seen only.
/// Spaces at the ends of lines are what editors take away.
fn is_block(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    text.contains('\n')
        && text.trim_end_matches('\n').contains('\n')
        && !text.ends_with("\n\n")
        && !first.is_empty()
        && text.lines().all(|line| !line.ends_with([' ', '\t']))
        && !first.starts_with([' ', '\t'])
        && text
            .chars()
            .all(|letter| letter == '\n' || !is_unseen(letter))
}
