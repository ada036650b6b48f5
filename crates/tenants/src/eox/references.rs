//! Keys of other rows in bodies, with the reference's sentences.

use provost_drf::Reference;
use provost_store::tenants::organizations;
use provost_store::{Db, Fault};
use serde_json::Value;

/// A key that was sent.
pub(super) struct Sent {
    /// Nothing where no row can have it.
    pub(super) id: Option<i64>,
    shown: String,
}

impl Sent {
    /// The sentence for a key that no row has.
    pub(super) fn is_nobodys(&self) -> String {
        format!("Invalid pk \"{}\" - object does not exist.", self.shown)
    }
}

/// The name of a value's type as the reference's language has it.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// Reads a key: a number, of which a fraction is cut off, or a text that the reference's language
/// takes for a whole number. Null is a key that no row has.
pub(super) fn key(value: &Value) -> Result<Sent, String> {
    let wrong = || {
        let kind = type_name(value);
        format!("Incorrect type. Expected pk value, received {kind}.")
    };
    let read = match value {
        Value::Null => {
            return Ok(Sent {
                id: None,
                shown: "None".to_owned(),
            });
        }
        Value::Number(_) | Value::String(_) => Reference::of(value).ok_or_else(wrong)?,
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(wrong()),
    };
    let sent = Sent {
        id: read.id(),
        shown: read.as_str().to_owned(),
    };
    // A whole number that is too great for a key is a text by now.
    let whole = value.is_number() || sent.id.is_some() || is_whole(&sent.shown);
    if whole { Ok(sent) } else { Err(wrong()) }
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a list of keys of organizations: all of them, or what is wrong with the first that is.
/// An object stands for the list of its names, as whatever can be gone through does there.
pub(super) async fn organizations(
    db: &Db,
    sent: &Value,
) -> Result<Result<Vec<i64>, String>, Fault> {
    let read: Vec<Result<Sent, String>> = match sent {
        Value::Array(elements) => elements.iter().map(key).collect(),
        Value::Object(members) => members
            .keys()
            .map(|name| key(&name.as_str().into()))
            .collect(),
        other => {
            let kind = type_name(other);
            return Ok(Err(format!(
                "Expected a list of items but got type \"{kind}\"."
            )));
        }
    };
    let ids: Vec<i64> = read.iter().flatten().filter_map(|sent| sent.id).collect();
    let known = organizations::existing(db, &ids).await?;
    let found = read.into_iter().map(|element| {
        let sent = element?;
        let id = sent.id.filter(|id| known.contains(id));
        id.ok_or_else(|| sent.is_nobodys())
    });
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_read_as_leniently_as_the_reference_reads_them() {
        let wrong = |kind: &str| {
            Err(format!(
                "Incorrect type. Expected pk value, received {kind}."
            ))
        };
        for (sent, expected) in [
            (json!(5), Ok(Some(5))),
            (json!(-5), Ok(Some(-5))),
            (json!(5.9), Ok(Some(5))),
            (json!("5"), Ok(Some(5))),
            (json!(" 5 "), Ok(Some(5))),
            (json!("99999999999999999999"), Ok(None)),
            (json!("-99999999999999999999"), Ok(None)),
            (json!(u64::MAX), Ok(None)),
            (json!(1e300), Ok(None)),
            (json!(null), Ok(None)),
            (json!(true), wrong("bool")),
            (json!(""), wrong("str")),
            (json!("-"), wrong("str")),
            (json!("5.0"), wrong("str")),
            (json!("a"), wrong("str")),
            (json!([5]), wrong("list")),
            (json!({"id": 5}), wrong("dict")),
        ] {
            assert_eq!(key(&sent).map(|sent| sent.id), expected, "{sent}");
        }
    }

    #[test]
    fn a_key_that_no_row_has_is_shown_as_it_was_sent() {
        for (sent, shown) in [
            (json!(999), "999"),
            (json!(5.5), "5.5"),
            (json!(" 7 "), " 7 "),
            (json!(null), "None"),
        ] {
            let expected = format!("Invalid pk \"{shown}\" - object does not exist.");
            assert_eq!(
                key(&sent).map(|sent| sent.is_nobodys()),
                Ok(expected),
                "{sent}"
            );
        }
    }
}
