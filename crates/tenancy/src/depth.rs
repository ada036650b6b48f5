//! How deep values may be nested.

use serde_json::Value;

/// How deep a value of a tenant may be nested. Those that read stored JSON bound their recursion, and
/// a value stands inside of others in the change log, in exports and in what is kept of the deleted.
pub const DEEPEST: usize = 100;

/// Whether a value is nested deeper than so many levels. Recurses as deep as the parser did at most.
#[must_use]
pub fn is_deeper(value: &Value, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return value.is_array() || value.is_object();
    };
    match value {
        Value::Array(elements) => elements.iter().any(|element| is_deeper(element, below)),
        Value::Object(members) => members.values().any(|member| is_deeper(member, below)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_counted_through_lists_and_objects() {
        for (text, levels) in [
            ("5", 0),
            ("{}", 1),
            ("[[]]", 2),
            (r#"{"a": 5, "b": [{"c": null}, 5]}"#, 3),
        ] {
            let value: Value = serde_json::from_str(text).unwrap_or_default();
            for limit in 0..5 {
                assert_eq!(is_deeper(&value, limit), levels > limit, "{text} {limit}");
            }
        }
    }
}
