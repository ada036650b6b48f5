//! A plan as an operator reads it, in a terminal or in the log of a pipeline.

use std::collections::HashSet;
use std::fmt::{self, Display, Formatter};

use foldhash::fast::RandomState;
use serde_json::Value;

use super::secret::{HIDDEN, carries_password, hides, is_hidden, leads_to_secret};
use super::{Change, Difference, Plan};
use crate::show::{cut, name as shown, quoted};

/// The most characters of one value.
const VALUE: usize = 80;

/// How many characters of what two long values share are shown before they part.
const SHARED: usize = 20;

/// The most items that are named where a list changed, and the most tenants that are only kept.
const ITEMS: usize = 10;

/// What an operator reads before saying yes.
impl Display for Plan {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        for tenant in &self.create {
            writeln!(formatter, "+ {}", shown_label(&tenant.label))?;
            domains(formatter, '+', &tenant.domains)?;
        }
        for change in &self.change {
            writeln!(formatter, "{change}")?;
        }
        for tenant in &self.remove {
            writeln!(formatter, "- {}", shown_label(&tenant.label))?;
            domains(formatter, '-', &tenant.domains)?;
        }
        if !self.is_empty() {
            writeln!(formatter)?;
        }
        write!(
            formatter,
            "{} to create, {} to change, {} to remove, {} unchanged.",
            self.create.len(),
            self.change.len(),
            self.remove.len(),
            self.unchanged,
        )?;
        if !self.kept.is_empty() {
            let kept = few(self.kept.iter().map(|label| shown_label(label)));
            write!(formatter, "\nNot in the file, and kept: {kept}.")?;
        }
        for note in &self.notes {
            write!(formatter, "\nNote: {note}")?;
        }
        Ok(())
    }
}

impl Display for Change {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "~ {}", shown_label(&self.label))?;
        for difference in &self.differences {
            write!(formatter, "\n    {difference}")?;
        }
        Ok(())
    }
}

impl Display for Difference {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", cut(&self.path, 3 * VALUE))?;
        let is_hidden = leads_to_secret(&self.path);
        let show = |value: &Value| {
            if is_hidden && hides(value) {
                HIDDEN.to_owned()
            } else {
                json(value)
            }
        };
        match (&self.before, &self.after) {
            (None, None) => formatter.write_str("as it is"),
            (None, Some(after)) => write!(formatter, "+ {}", cut(&show(after), VALUE)),
            (Some(before), None) => write!(formatter, "- {}", cut(&show(before), VALUE)),
            (Some(Value::Array(before)), Some(Value::Array(after))) if !is_hidden => {
                let is_bare = ["domains", "organizations"].contains(&self.path.as_str());
                let show = if is_bare { bare } else { json };
                formatter.write_str(&items(before, after, show))
            }
            (Some(before), Some(after)) => {
                let (before, after) = apart(&show(before), &show(after));
                write!(formatter, "{before} -> {after}")
            }
        }
    }
}

/// A label, which is a name, or a key perhaps with its number in brackets.
fn shown_label(label: &str) -> String {
    match label.rsplit_once(" (id ") {
        Some((key, id)) => format!("{} (id {}", shown(key), quoted(id).trim_matches('"')),
        None => shown(label),
    }
}

fn domains(formatter: &mut Formatter<'_>, sign: char, domains: &[String]) -> fmt::Result {
    if domains.is_empty() {
        return writeln!(formatter, "    domains: none");
    }
    let domains = domains
        .iter()
        .map(|domain| format!("{sign} {}", shown(domain)));
    writeln!(formatter, "    domains: {}", few(domains))
}

/// The first of some words, and how many more there are.
fn few(words: impl ExactSizeIterator<Item = String>) -> String {
    let more = words.len().saturating_sub(ITEMS);
    let mut words: Vec<String> = words.take(ITEMS).collect();
    if more > 0 {
        words.push(format!("{more} more"));
    }
    words.join(", ")
}

/// What two lists have not in common. Two long lists that differ in one origin would look the same.
fn items(before: &[Value], after: &[Value], show: fn(&Value) -> String) -> String {
    let lost = without(before, after).map(|item| format!("- {}", cut(&show(item), VALUE)));
    let gained = without(after, before).map(|item| format!("+ {}", cut(&show(item), VALUE)));
    let changes: Vec<String> = gained.chain(lost).collect();
    if changes.is_empty() {
        "the same items in another order, or another number of times".to_owned()
    } else {
        few(changes.into_iter())
    }
}

fn without<'a>(some: &'a [Value], others: &[Value]) -> impl Iterator<Item = &'a Value> {
    let others: HashSet<&Value, RandomState> = others.iter().collect();
    let missing: Vec<&Value> = some.iter().filter(|item| !others.contains(item)).collect();
    missing.into_iter()
}

/// A domain or an organization.
fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| json(value), shown)
}

/// Two values, each cut to where they differ.
fn apart(before: &str, after: &str) -> (String, String) {
    let is_long = |text: &str| text.chars().count() > VALUE;
    let pairs = before.chars().zip(after.chars());
    let shared = pairs.take_while(|(before, after)| before == after).count();
    let skip = shared.saturating_sub(SHARED);
    let part = |text: &str| {
        let rest: String = text.chars().skip(skip).collect();
        format!("…{}", cut(&rest, VALUE))
    };
    if skip > 1 && (is_long(before) || is_long(after)) {
        (part(before), part(after))
    } else {
        (cut(before, VALUE), cut(after, VALUE))
    }
}

/// A value as JSON on one line: nothing in it that a terminal obeys, and nothing that is secret.
fn json(value: &Value) -> String {
    match value {
        Value::String(text) if carries_password(text) => HIDDEN.to_owned(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(json).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members = members.iter().map(|(member, value)| {
                let value = if is_hidden(member, value) {
                    HIDDEN.to_owned()
                } else {
                    json(value)
                };
                format!("{}: {value}", quoted(member))
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
