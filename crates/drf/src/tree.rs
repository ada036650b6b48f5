//! A JSON value on its way from the parser to a decoder.
//!
//! Most bodies are read once, field by field, and forgotten. `serde_json`'s objects are hash tables,
//! which cost more to build than everything else in reading a small body; here an object is a list
//! of its members.

use std::collections::HashMap;

use deserr::{IntoValue, Map, Value as Decoded, ValueKind};
use serde_json::{Number, Value};

/// A JSON value.
#[derive(Debug, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Tree>),
    Object(Members),
}

/// The members of an object, in the order in which they were sent: what is stored as it came keeps it.
///
/// Invariant: no two have the same name.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Members(Vec<(String, Tree)>);

impl Members {
    /// The members in the order in which they were sent. Of several equal names the first says the
    /// place and the last the value, as in the reference.
    pub(crate) fn new(sent: Vec<(String, Tree)>) -> Self {
        if !repeats_a_name(&sent) {
            return Self(sent);
        }
        let mut places: HashMap<String, usize> = HashMap::with_capacity(sent.len());
        let mut members: Vec<(String, Tree)> = Vec::with_capacity(sent.len());
        for (name, tree) in sent {
            let place = *places.entry(name.clone()).or_insert(members.len());
            match members.get_mut(place) {
                Some((_, earlier)) => *earlier = tree,
                None => members.push((name, tree)),
            }
        }
        Self(members)
    }
}

/// Whether two members have the same name. Nearly no object has any, so this is what is made cheap.
fn repeats_a_name(sent: &[(String, Tree)]) -> bool {
    let mut names: Vec<&str> = sent.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.array_windows().any(|[one, next]| one == next)
}

impl From<Tree> for Value {
    /// Recurses as deep as the parser did, which bounds it.
    fn from(tree: Tree) -> Self {
        match tree {
            Tree::Null => Self::Null,
            Tree::Bool(flag) => Self::Bool(flag),
            Tree::Number(number) => Self::Number(number),
            Tree::Text(text) => Self::String(text),
            Tree::List(items) => items.into_iter().map(Self::from).collect(),
            Tree::Object(Members(members)) => {
                let members = members.into_iter();
                members
                    .map(|(name, tree)| (name, Self::from(tree)))
                    .collect()
            }
        }
    }
}

impl IntoValue for Tree {
    type Sequence = Vec<Self>;
    type Map = Members;

    fn kind(&self) -> ValueKind {
        match self {
            Self::Null => ValueKind::Null,
            Self::Bool(_) => ValueKind::Boolean,
            Self::Number(number) if number.is_u64() => ValueKind::Integer,
            Self::Number(number) if number.is_i64() => ValueKind::NegativeInteger,
            Self::Number(_) => ValueKind::Float,
            Self::Text(_) => ValueKind::String,
            Self::List(_) => ValueKind::Sequence,
            Self::Object(_) => ValueKind::Map,
        }
    }

    fn into_value(self) -> Decoded<Self> {
        match self {
            Self::Null => Decoded::Null,
            Self::Bool(flag) => Decoded::Boolean(flag),
            Self::Number(number) => number_of(&number),
            Self::Text(text) => Decoded::String(text),
            Self::List(items) => Decoded::Sequence(items),
            Self::Object(members) => Decoded::Map(members),
        }
    }
}

fn number_of(number: &Number) -> Decoded<Tree> {
    if let Some(number) = number.as_u64() {
        return Decoded::Integer(number);
    }
    if let Some(number) = number.as_i64() {
        return Decoded::NegativeInteger(number);
    }
    // Without arbitrary precision every other number is a double.
    Decoded::Float(number.as_f64().unwrap_or(f64::NAN))
}

impl Map for Members {
    type Value = Tree;
    type Iter = std::vec::IntoIter<(String, Tree)>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn remove(&mut self, key: &str) -> Option<Tree> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(at).1)
    }

    fn into_iter(self) -> Self::Iter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(names: &[&str]) -> Members {
        let sent = names.iter().enumerate();
        let sent = sent.map(|(at, name)| ((*name).to_owned(), Tree::Number(at.into())));
        Members::new(sent.collect())
    }

    #[test]
    fn members_keep_their_order_and_the_last_of_equal_names_wins() {
        for (sent, kept) in [
            (&[][..], &[][..]),
            (&["a", "b"], &[("a", 0), ("b", 1)]),
            (&["b", "a"], &[("b", 0), ("a", 1)]),
            (&["a", "a"], &[("a", 1)]),
            (&["b", "a", "b", "a", "b"], &[("b", 4), ("a", 3)]),
            (&["c", "b", "c", "a"], &[("c", 2), ("b", 1), ("a", 3)]),
        ] {
            let kept = kept.iter();
            let kept = kept.map(|(name, at)| ((*name).to_owned(), Tree::Number((*at).into())));
            assert_eq!(members(sent), Members(kept.collect()), "{sent:?}");
        }
    }

    #[test]
    fn a_member_is_taken_out_by_name() {
        let mut members = members(&["b", "a", "c"]);
        assert_eq!(members.remove("b"), Some(Tree::Number(0.into())));
        assert_eq!(members.remove("b"), None);
        assert_eq!(members.len(), 2);
    }
}
