//! When two answers are the same.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

/// Compares one recorded answer, and the effects that belong to it, with ours.
pub struct Comparison<'a> {
    /// Texts of the given rows and of the request: a string of the reference that occurs in
    /// none of them was invented by the reference.
    known: &'a str,
    /// Which of our invented UUIDs stands for which of theirs.
    invented: HashMap<String, String>,
    /// Whether a time is the same however it is written.
    any_spelling: bool,
}

impl<'a> Comparison<'a> {
    /// A comparison in which the strings of `known` are not inventions.
    pub fn knowing(known: &'a str) -> Self {
        Self {
            known,
            invented: HashMap::new(),
            any_spelling: false,
        }
    }

    /// From here on a time is the same however it is written: rows of fixtures have several
    /// spellings of it, answers one.
    pub fn however_times_are_written(&mut self) -> &mut Self {
        self.any_spelling = true;
        self
    }

    /// Where the two differ first, or nothing.
    pub fn difference(&mut self, theirs: &Value, ours: &Value) -> Option<String> {
        self.at("", theirs, ours)
    }

    fn at(&mut self, path: &str, theirs: &Value, ours: &Value) -> Option<String> {
        match (theirs, ours) {
            (Value::Object(theirs), Value::Object(ours)) => {
                for (key, value) in theirs {
                    let here = format!("{path}.{key}");
                    let Some(our) = ours.get(key) else {
                        return Some(format!("{here} is missing"));
                    };
                    if let Some(found) = self.at(&here, value, our) {
                        return Some(found);
                    }
                }
                ours.keys()
                    .find(|key| !theirs.contains_key(*key))
                    .map(|key| format!("{path}.{key} is not in the recording"))
            }
            (Value::Array(theirs), Value::Array(ours)) => {
                for (index, (their, our)) in theirs.iter().zip(ours).enumerate() {
                    if let Some(found) = self.at(&format!("{path}[{index}]"), their, our) {
                        return Some(found);
                    }
                }
                (theirs.len() != ours.len())
                    .then(|| format!("{path} has {} items, not {}", ours.len(), theirs.len()))
            }
            (Value::Number(their), Value::Number(our)) => {
                (their.as_f64() != our.as_f64()).then(|| format!("{path} is {our}, not {their}"))
            }
            (Value::String(their), Value::String(our))
                if self.any_spelling && is_time(their) && instant(their) == instant(our) =>
            {
                None
            }
            (Value::String(their), Value::String(our)) => (their != our
                && !self.same_invention(their, our))
            .then(|| format!("{path} is {our:?}, not {their:?}")),
            (theirs, ours) => (theirs != ours).then(|| format!("{path} is {ours}, not {theirs}")),
        }
    }

    /// Whether the reference invented its string, and ours is one of the same sort.
    fn same_invention(&mut self, their: &str, our: &str) -> bool {
        if self.known.contains(their) {
            return false;
        }
        if is_time(their) {
            return is_time(our);
        }
        self.same_uuids(their, our)
    }

    /// Whether the texts are the same but for UUIDs, each of which stands for one of theirs.
    fn same_uuids(&mut self, their: &str, our: &str) -> bool {
        let (theirs, ours) = (uuids(their), uuids(our));
        let same_around = without(their, &theirs) == without(our, &ours);
        same_around
            && !theirs.is_empty()
            && theirs.into_iter().zip(ours).all(|(their, our)| {
                if self.known.contains(their) {
                    return their == our;
                }
                let already = self.invented.iter().find(|(_, stands)| *stands == our);
                match (self.invented.get(their), already) {
                    (Some(stands), _) => stands == our,
                    (None, Some(_)) => false,
                    (None, None) => {
                        self.invented.insert(their.to_owned(), our.to_owned());
                        true
                    }
                }
            })
    }
}

/// The UUIDs in a text, in order.
fn uuids(text: &str) -> Vec<&str> {
    const LENGTH: usize = 36;
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(part) = text.get(at..at + LENGTH) {
        if Uuid::parse_str(part).is_ok() {
            found.push(part);
            at += LENGTH;
        } else {
            at += 1;
            while !text.is_char_boundary(at) {
                at += 1;
            }
        }
    }
    found
}

fn without(text: &str, parts: &[&str]) -> String {
    parts
        .iter()
        .fold(text.to_owned(), |text, part| text.replacen(part, "", 1))
}

fn is_time(text: &str) -> bool {
    instant(text).is_some()
}

/// The time of a text, with its zone or, as references without zones write it, without.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let zoned = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%:z"));
    let naive = || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f");
    zoned
        .map(|time| time.to_utc())
        .or_else(|_| naive().map(|time| time.and_utc()))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(theirs: &Value, ours: &Value, known: &str, expected: Option<&str>) {
        let found = Comparison::knowing(known).difference(theirs, ours);
        assert_eq!(found.as_deref(), expected, "{theirs} against {ours}");
    }

    #[test]
    fn values_are_compared_by_key_in_order_and_by_value() {
        check(
            &json!({"a": 1, "b": [1.0]}),
            &json!({"b": [1], "a": 1}),
            "",
            None,
        );
        check(&json!([1, 2]), &json!([2, 1]), "", Some("[0] is 2, not 1"));
        check(
            &json!({}),
            &json!({"a": 1}),
            "",
            Some(".a is not in the recording"),
        );
        check(&json!({"a": 1}), &json!({}), "", Some(".a is missing"));
        check(&json!("x"), &json!("y"), "", Some(" is \"y\", not \"x\""));
    }

    #[test]
    fn only_an_invented_time_or_uuid_may_differ() {
        let (one, two) = (
            Uuid::from_u128(1).to_string(),
            Uuid::from_u128(2).to_string(),
        );
        check(&json!(one), &json!(two), "", None);
        check(
            &json!(format!("a/{one}/b")),
            &json!(format!("a/{two}/b")),
            "",
            None,
        );
        let three = Uuid::from_u128(3).to_string();
        check(
            &json!([one, one]),
            &json!([two, three]),
            "",
            Some(&format!("[1] is {three:?}, not {one:?}")),
        );
        let time = "2026-01-02T03:04:05Z";
        check(&json!(time), &json!("2027-01-02T03:04:05.5Z"), "", None);
        check(
            &json!(time),
            &json!("soon"),
            "",
            Some(" is \"soon\", not \"2026-01-02T03:04:05Z\""),
        );
        check(&json!("2026-01-02 03:04:05.25"), &json!(time), "", None);
        assert!(
            Comparison::knowing(time)
                .difference(&json!(time), &json!("2027-01-02T03:04:05Z"))
                .is_some(),
            "a time that was given is not an invention"
        );
    }
}
