//! The address of a database, whose password must never be printed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// What stands for the password.
const MASK: &str = "********";

/// The address of a database. It may carry a password, which is masked in Debug output and in serialization.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Wraps an address.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The whole address, password included, for the code that connects.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The address as it may be printed.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_query(&mask_authority(&self.0))
    }
}

impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.masked())
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.masked())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

/// `scheme://user:password@host/…` with the password masked. The last `@` ends the credentials, because a password
/// that was not percent-encoded may hold one itself.
fn mask_authority(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find('?').unwrap_or(rest.len());
    let (authority, query) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((credentials, place)) => match credentials.split_once(':') {
            Some((user, _)) => format!("{scheme}://{user}:{MASK}@{place}{query}"),
            None => url.to_owned(),
        },
        None => url.to_owned(),
    }
}

/// The same for `?password=…`, which PostgreSQL's drivers also accept.
fn mask_query(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if name.to_ascii_lowercase().contains("password") => {
                format!("{name}={MASK}")
            }
            _ => pair.to_owned(),
        })
        .collect();
    format!("{before}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_are_masked() {
        for (given, shown) in [
            ("sqlite://provost.sqlite3", "sqlite://provost.sqlite3"),
            ("sqlite::memory:", "sqlite::memory:"),
            ("postgres://db/provost", "postgres://db/provost"),
            ("postgres://ada@db/provost", "postgres://ada@db/provost"),
            (
                "postgres://ada:s3cret@db:5432/provost",
                "postgres://ada:********@db:5432/provost",
            ),
            (
                "postgres://ada:p@ss:w/rd@db/x?sslmode=require",
                "postgres://ada:********@db/x?sslmode=require",
            ),
            (
                "postgres://db/x?user=ada&password=s3cret",
                "postgres://db/x?user=ada&password=********",
            ),
        ] {
            assert_eq!(DatabaseUrl::new(given).masked(), shown);
            assert_eq!(DatabaseUrl::new(given).reveal(), given);
        }
    }
}
