//! Name/value pairs, from a query string or a form, decoded along a [`Shape`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::shape::{Blank, Field, Shape};

/// Pairs in the order they were sent.
pub(crate) type Pairs<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// Read `application/x-www-form-urlencoded` text. Blank values are kept; `+` is a space.
pub(crate) fn pairs(text: &[u8]) -> Pairs<'_> {
    form_urlencoded::parse(text).collect()
}

/// The last value of `name`.
pub(crate) fn last<'a>(pairs: &'a Pairs<'_>, name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .rev()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_ref())
}

/// Write one name or value: letters, digits and `_.-~` literal, a space as `+`.
pub(crate) fn encode(text: &str) -> String {
    const QUOTED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'_')
        .remove(b'.')
        .remove(b'-')
        .remove(b'~')
        .remove(b' ');
    utf8_percent_encode(text, QUOTED)
        .to_string()
        .replace(' ', "+")
}

/// The value `shape` makes of `pairs`.
pub(crate) fn value(pairs: &Pairs<'_>, shape: &Shape) -> Value {
    if !shape.list {
        return Value::Object(object(pairs, &shape.fields));
    }
    // `[0]name=…&[1]name=…`: the objects of a list, in the order of their numbers.
    let mut items: BTreeMap<usize, Pairs<'_>> = BTreeMap::new();
    for (name, text) in pairs {
        if let Some((index, rest)) = numbered(name, "") {
            let item = items.entry(index).or_default();
            item.push((Cow::Borrowed(rest), Cow::Borrowed(text)));
        }
    }
    items
        .values()
        .map(|item| Value::Object(object(item, &shape.fields)))
        .collect()
}

fn object(pairs: &Pairs<'_>, fields: &[Field]) -> Map<String, Value> {
    let mut map = Map::new();
    for field in fields {
        let value = if field.list {
            list(pairs, &field.name)
        } else {
            single(pairs, field)
        };
        if let Some(value) = value {
            map.insert(field.name.clone(), value);
        }
    }
    map
}

fn single(pairs: &Pairs<'_>, field: &Field) -> Option<Value> {
    let text = last(pairs, &field.name)?;
    match field.blank {
        Blank::Absent if text.is_empty() => None,
        Blank::Null if text.is_empty() => Some(Value::Null),
        _ => Some(text.into()),
    }
}

/// Repeated names, or numbered ones when there are none.
pub(crate) fn list(pairs: &Pairs<'_>, name: &str) -> Option<Value> {
    let repeated: Vec<Value> = pairs
        .iter()
        .filter(|(key, _)| key == name)
        .map(|(_, text)| text.as_ref().into())
        .collect();
    if !repeated.is_empty() {
        return Some(repeated.into());
    }
    let numbered: BTreeMap<usize, Value> = pairs
        .iter()
        .filter_map(|(key, text)| match numbered(key, name)? {
            (index, "") => Some((index, text.as_ref().into())),
            _ => None,
        })
        .collect();
    (!numbered.is_empty()).then(|| numbered.into_values().collect())
}

/// `users[3]rest` for `users` is `(3, "rest")`.
fn numbered<'a>(key: &'a str, name: &str) -> Option<(usize, &'a str)> {
    let (index, rest) = key.strip_prefix(name)?.strip_prefix('[')?.split_once(']')?;
    let all_digits = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
    Some((index.parse().ok().filter(|_| all_digits)?, rest))
}
