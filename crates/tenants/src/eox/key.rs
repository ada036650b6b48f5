//! What paths say: which collection, which row of it, and in which form it is wanted.

use provost_drf::Problem;
use serde::Deserialize;

use super::BASE;

/// The form that a suffix may ask for; there is no other.
const SUFFIX: &str = ".json";

/// A row, as paths name it.
#[derive(Deserialize)]
pub struct Named {
    key: String,
}

/// What a row is looked up by.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// All digits: the key of the row. Nothing where no row can have it.
    Id(Option<i64>),
    /// Anything else.
    Text(&'a str),
}

impl Named {
    /// What the row is looked up by. A key with a dot cannot be said: what follows a dot is a form.
    ///
    /// # Errors
    /// 404 for any form but `.json`.
    pub(super) fn key(&self) -> Result<Key<'_>, Problem> {
        let key = self.key.strip_suffix(SUFFIX).unwrap_or(&self.key);
        if key.is_empty() || key.contains('.') {
            Err(Problem::not_found())
        } else if key.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Key::Id(key.parse().ok()))
        } else {
            Ok(Key::Text(key))
        }
    }
}

/// 404: nothing of the model is called that.
pub(super) fn unknown(model: &str) -> Problem {
    Problem::not_found_because(format!("No {model} matches the given query."))
}

/// The only one of `found`.
///
/// # Errors
/// 404 where there is none, 409 where there are several.
pub(super) fn only<T>(model: &str, found: Vec<T>) -> Result<T, Problem> {
    let mut found = found.into_iter();
    let first = found.next().ok_or_else(|| unknown(model))?;
    if found.next().is_some() {
        let text = format!("More than one {model} matches the given query.");
        return Err(Problem::conflict(text));
    }
    Ok(first)
}

/// The path that serves what a client asks for with a suffix: `configs/` for `configs.json`,
/// `configs/5/` for `configs/5.json`, and for a key with any other dot the path that says of it that
/// there is nothing; nothing for paths without one. Routers cannot tell a suffix from a key, so
/// whoever answers paths that are no route asks here.
#[must_use]
pub fn path_without_suffix(path: &str) -> Option<String> {
    let below = path.strip_prefix(BASE)?;
    let bare = below.strip_suffix('/').unwrap_or(below);
    let is_known = |name: &str| ["configs", "routes", "microsites"].contains(&name);
    let Some((collection, key)) = bare.split_once('/') else {
        let collection = bare.strip_suffix(SUFFIX)?;
        return is_known(collection).then(|| format!("{BASE}{collection}/"));
    };
    let is_dotted = key.contains('.') && !key.contains('/');
    let named = key.strip_suffix(SUFFIX);
    let named = named.filter(|named| !named.is_empty() && !named.contains('.'));
    (is_known(collection) && is_dotted)
        .then(|| format!("{BASE}{collection}/{}/", named.unwrap_or(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_the_key_of_a_row_and_what_follows_a_dot_is_a_form() {
        for (sent, expected) in [
            ("5", Ok(Key::Id(Some(5)))),
            ("005", Ok(Key::Id(Some(5)))),
            ("5.json", Ok(Key::Id(Some(5)))),
            ("99999999999999999999", Ok(Key::Id(None))),
            ("-5", Ok(Key::Text("-5"))),
            ("a b", Ok(Key::Text("a b"))),
            ("5a.json", Ok(Key::Text("5a"))),
            ("5.xml", Err(Problem::not_found())),
            ("a.example.org", Err(Problem::not_found())),
            ("a.json.json", Err(Problem::not_found())),
            (".json", Err(Problem::not_found())),
        ] {
            let named = Named {
                key: sent.to_owned(),
            };
            assert_eq!(named.key(), expected, "{sent}");
        }
    }

    #[test]
    fn a_suffix_stands_behind_a_collection_or_a_key() {
        for (below, expected) in [
            ("configs.json", Some("configs/")),
            ("configs.json/", Some("configs/")),
            ("configs/5.json", Some("configs/5/")),
            ("routes/5.json/", Some("routes/5/")),
            ("microsites/a%20b.json", Some("microsites/a%20b/")),
            (
                "configs/update-by-domain.json",
                Some("configs/update-by-domain/"),
            ),
            ("configs", None),
            ("configs/5", None),
            ("configs/5.xml", Some("configs/5.xml/")),
            ("configs/a.b.json", Some("configs/a.b.json/")),
            ("configs/.json", Some("configs/.json/")),
            ("configs/5/x.json", None),
            ("others.json", None),
            (".json", None),
        ] {
            let expected = expected.map(|below| format!("{BASE}{below}"));
            assert_eq!(
                path_without_suffix(&format!("{BASE}{below}")),
                expected,
                "{below}"
            );
        }
        assert_eq!(path_without_suffix("/api/configs.json"), None);
    }
}
