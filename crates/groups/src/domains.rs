//! Mail domains: what a rule may name, and which of them a mail address has.

use std::borrow::Cow;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use provost_drf::{Invalid, Text};
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// The longest domain of a rule, in characters.
const LONGEST: usize = 255;

/// The domain of a rule: labels with a dot after each, and a last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Domain(pub(crate) String);

type Any = Text<{ usize::MAX }>;

impl Deserr<Invalid> for Domain {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        read(value, location, is_domain).map(Self)
    }
}

/// What a rule of several domains may name: a domain, or `*.` and one, whose subdomains are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(pub(crate) String);

impl Deserr<Invalid> for Pattern {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        read(value, location, is_pattern).map(Self)
    }
}

fn read<V: IntoValue>(
    value: Value<V>,
    location: ValuePointerRef<'_>,
    is_valid: fn(&str) -> bool,
) -> Result<String, Invalid> {
    let text = Any::deserialize_from_value(value, location)?.into_string();
    let mut sentences = Vec::new();
    if !is_valid(&text) {
        sentences.push(format!("The domain name is not valid: {text}"));
    }
    if text.chars().count() > LONGEST {
        sentences.push(format!(
            "Ensure this field has no more than {LONGEST} characters."
        ));
    }
    let wrong = sentences
        .into_iter()
        .map(|text| Invalid::at(location, text));
    let wrong = wrong.reduce(|mut all, next| {
        all.extend(next);
        all
    });
    wrong.map_or(Ok(text), Err)
}

impl JsonSchema for Domain {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Domain".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Text::<LONGEST>::json_schema(generator)
    }
}

impl JsonSchema for Pattern {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Text::<LONGEST>::json_schema(generator)
    }
}

/// What the subdomains of `pattern` are below, if it means those.
pub(crate) fn below(pattern: &str) -> Option<&str> {
    pattern.strip_prefix("*.")
}

fn is_pattern(text: &str) -> bool {
    is_domain(below(text).unwrap_or(text))
}

/// Whether a text is one or more ordinary labels, each with a dot behind it, and a last label.
pub(crate) fn is_domain(text: &str) -> bool {
    let Some((front, last)) = text.rsplit_once('.') else {
        return false;
    };
    is_last_label(last) && front.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let edges = [label.bytes().next(), label.bytes().next_back()];
    has_letters(label, 1)
        && edges
            .iter()
            .all(|edge| edge.is_some_and(|byte| byte.is_ascii_alphanumeric()))
}

/// The reference lets a hyphen begin the last label, but not end it.
fn is_last_label(label: &str) -> bool {
    has_letters(label, 2) && !label.ends_with('-')
}

fn has_letters(label: &str, least: usize) -> bool {
    (least..=63).contains(&label.len())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What stands behind the last `@` of a mail address.
pub(crate) fn of_address(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_labels_with_dots_between() {
        let longest = "x".repeat(63);
        let too_long = "x".repeat(64);
        for (text, expected) in [
            ("example.com", true),
            ("example.co.uk", true),
            ("hello-world.org", true),
            ("Corp.COM", true),
            ("a.bc", true),
            ("a.-com", true),
            ("xn--bcher-kva.example", true),
            ("foo.123", true),
            (&format!("{longest}.{longest}"), true),
            ("@example.com", false),
            ("111", false),
            ("===", false),
            ("localhost", false),
            ("a.b", false),
            ("known_site.com", false),
            ("-a.com", false),
            ("a-.com", false),
            ("a.com-", false),
            ("1.2.3.4", false),
            ("[127.0.0.1]", false),
            ("example.com.", false),
            ("a..com", false),
            ("foo bar.com", false),
            ("bücher.example", false),
            (" example.com ", false),
            ("\u{212a}.com", false),
            ("", false),
            (&format!("{too_long}.com"), false),
            (&format!("a.{too_long}"), false),
        ] {
            assert_eq!(is_domain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn patterns_are_domains_or_whatever_is_below_one() {
        for (text, expected) in [
            ("example.com", true),
            ("*.example.com", true),
            ("*.a.b.example", true),
            ("*.com", false),
            ("*", false),
            ("*.", false),
            ("*.*.example.com", false),
            ("a.*.example.com", false),
            ("*example.com", false),
        ] {
            assert_eq!(is_pattern(text), expected, "{text}");
        }
    }

    #[test]
    fn the_domain_of_an_address_stands_behind_its_last_at() {
        for (address, expected) in [
            ("ada@example.com", Some("example.com")),
            ("\"a@b\"@Example.com", Some("Example.com")),
            ("ada@", Some("")),
            ("ada", None),
        ] {
            assert_eq!(of_address(address), expected, "{address}");
        }
    }
}
