//! Texts with a syntax: slugs, mail addresses, web addresses, UUIDs.

use std::borrow::Cow;
use std::ops::Deref;
use std::str::FromStr;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

use super::text::Rules;
use crate::{Invalid, texts};

/// ASCII letters, digits, underscores and hyphens; trimmed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Slug<const MAX: usize = 50>(String);

/// A mail address; trimmed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Email<const MAX: usize = 254>(String);

/// An `http`, `https`, `ftp` or `ftps` address; trimmed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Url<const MAX: usize = 200>(String);

impl<const MAX: usize> Slug<MAX> {
    const RULES: Rules = rules(MAX, is_slug, texts::NOT_SLUG);

    /// The slug, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> Email<MAX> {
    const RULES: Rules = rules(MAX, is_email, texts::NOT_EMAIL);

    /// The address, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> FromStr for Email<MAX> {
    type Err = &'static str;

    /// Reads an address where there is no body around it, as on a command line.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.chars().count() <= MAX && is_email(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err("it is no mail address")
        }
    }
}

impl<const MAX: usize> Url<MAX> {
    const RULES: Rules = rules(MAX, is_url, texts::NOT_URL);

    /// The address, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

const fn rules(max: usize, holds: fn(&str) -> bool, sentence: &'static str) -> Rules {
    Rules {
        max,
        blank: false,
        trim: true,
        also: Some((holds, sentence)),
    }
}

fn is_slug(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// At most 320 characters; a dot-atom or quoted local part; a host name with an alphabetic last
/// label of two letters or more, `localhost`, or an address in brackets.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    text.chars().count() <= 320 && is_local_part(local) && is_mail_domain(domain)
}

fn is_local_part(local: &str) -> bool {
    if let Some(quoted) = local
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        return is_quoted(quoted);
    }
    local.split('.').all(|atom| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{}|~-".contains(&b))
    })
}

fn is_quoted(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let good = match byte {
            b'\\' => bytes
                .next()
                .is_some_and(|b| b.is_ascii() && !matches!(b, 0 | b'\n' | b'\r')),
            b'"' | b' ' | 0 | b'\t' | b'\n' | b'\r' => false,
            byte => byte.is_ascii(),
        };
        if !good {
            return false;
        }
    }
    true
}

fn is_mail_domain(domain: &str) -> bool {
    if domain.eq_ignore_ascii_case("localhost") {
        return true;
    }
    match domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        Some(address) => address.parse::<std::net::IpAddr>().is_ok(),
        None => is_host_name(domain),
    }
}

/// Labels of letters, digits and inner hyphens, the last one alphabetic or punycode.
fn is_host_name(host: &str) -> bool {
    let Some((front, last)) = host.rsplit_once('.') else {
        return false;
    };
    let is_letter = |c: char| c.is_ascii_alphabetic() || !c.is_ascii();
    let top = last.chars().count() >= 2 && last.chars().all(is_letter);
    let punycode = last.starts_with("xn--") && is_label(last);
    (top || punycode) && front.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric());
    let edges = [label.chars().next(), label.chars().next_back()];
    label.chars().count() <= 63
        && edges.iter().all(|edge| edge.is_some_and(is_plain))
        && label.chars().all(|c| is_plain(c) || c == '-')
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let known = ["http", "https", "ftp", "ftps"];
    if !known.contains(&scheme.to_ascii_lowercase().as_str()) || rest.contains(char::is_whitespace)
    {
        return false;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    let host_port = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let (host, port) = split_port(host_port);
    let good_port = port.is_none_or(|port| {
        (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    good_port && is_url_host(host)
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_url_host(host: &str) -> bool {
    let bracketed = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match bracketed {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            host.eq_ignore_ascii_case("localhost")
                || host.parse::<std::net::Ipv4Addr>().is_ok()
                || is_host_name(host.strip_suffix('.').unwrap_or(host))
        }
    }
}

impl<const MAX: usize> Deref for Slug<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Deref for Email<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Deref for Url<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Deserr<Invalid> for Slug<MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        Self::RULES.read(value, location).map(Self)
    }
}

impl<const MAX: usize> Deserr<Invalid> for Email<MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        Self::RULES.read(value, location).map(Self)
    }
}

impl<const MAX: usize> Deserr<Invalid> for Url<MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        Self::RULES.read(value, location).map(Self)
    }
}

/// Dashed, undashed, braced and `urn:uuid:` forms, in any case.
impl Deserr<Invalid> for uuid::Uuid {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let found = match value {
            Value::Null => return Err(Invalid::null(location)),
            Value::String(text) => Self::try_parse(provost_keys::text::trim(&text)).ok(),
            Value::Integer(number) => Some(Self::from_u128(number.into())),
            _ => None,
        };
        found.ok_or_else(|| Invalid::at(location, texts::NOT_UUID))
    }
}

impl<const MAX: usize> JsonSchema for Slug<MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Slug".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = Self::RULES.schema(None);
        schema.insert("pattern".to_owned(), "^[-a-zA-Z0-9_]+$".into());
        schema
    }
}

impl<const MAX: usize> JsonSchema for Email<MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Email".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        Self::RULES.schema(Some("email"))
    }
}

impl<const MAX: usize> JsonSchema for Url<MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Url".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        Self::RULES.schema(Some("uri"))
    }
}
