//! All field errors of one request, in the shape clients read them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::ControlFlow;

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, ValueKind, ValuePointerRef};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::{python, texts};

/// Reporting stops here: a hostile list of a million bad items gets an answer of bounded size.
const MOST: usize = 10_000;

pub(crate) const NON_FIELD: &str = "non_field_errors";

/// Every field error of a request, reported together.
///
/// Rendered as `{"field": ["message", …]}`; objects nest, elements of a plain list are keyed by
/// their index as text, a list of objects becomes a list with `{}` for the good ones, and messages
/// that belong to no field stand under `non_field_errors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    path: Vec<Step>,
    text: Cow<'static, str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Step {
    Key(Cow<'static, str>),
    /// An element of a list of values: keyed by index.
    Index(usize),
    /// An element of a list of objects: `[{}, {…}]`, `of` entries long.
    Item {
        index: usize,
        of: usize,
    },
}

impl Invalid {
    /// One message on one field.
    #[must_use]
    pub fn field(name: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) -> Self {
        Self::entry(vec![Step::Key(name.into())], text)
    }

    /// A message that belongs to no single field.
    #[must_use]
    pub fn non_field(text: impl Into<Cow<'static, str>>) -> Self {
        Self::field(NON_FIELD, text)
    }

    /// A message that is the whole answer: a JSON list of texts.
    #[must_use]
    pub fn bare(text: impl Into<Cow<'static, str>>) -> Self {
        Self::entry(Vec::new(), text)
    }

    /// The body is `value` where an object was expected.
    #[must_use]
    pub fn not_a_dictionary(value: &serde_json::Value) -> Self {
        Self::not_an_object(ValuePointerRef::Origin, value.clone().into_value().kind())
    }

    /// A message on the value at `location`, for hand-written decoders.
    #[must_use]
    pub fn at(location: ValuePointerRef<'_>, text: impl Into<Cow<'static, str>>) -> Self {
        Self::entry(path(location), text)
    }

    /// The same, with one more message on `name`.
    #[must_use]
    pub fn and_field(
        mut self,
        name: impl Into<Cow<'static, str>>,
        text: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.extend(Self::field(name, text));
        self
    }

    /// Add all messages of `other`.
    pub fn extend(&mut self, other: Self) {
        let room = MOST.saturating_sub(self.entries.len());
        self.entries.extend(other.entries.into_iter().take(room));
    }

    /// Whether `name` at the top was required and missing.
    pub(crate) fn misses(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| {
            entry.text == texts::REQUIRED
                && matches!(entry.path.last(), Some(Step::Key(key)) if key == name)
        })
    }

    /// The element at `depth` belongs to a list of `of` objects, not to a list of values.
    pub(crate) fn into_item(mut self, depth: usize, of: usize) -> Self {
        for entry in &mut self.entries {
            if let Some(step) = entry.path.get_mut(depth)
                && let Step::Index(index) = *step
            {
                *step = Step::Item { index, of };
            }
        }
        self
    }

    fn entry(path: Vec<Step>, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            entries: vec![Entry {
                path,
                text: text.into(),
            }],
        }
    }

    fn at_non_field(location: ValuePointerRef<'_>, text: impl Into<Cow<'static, str>>) -> Self {
        let mut path = path(location);
        path.push(Step::Key(NON_FIELD.into()));
        Self::entry(path, text)
    }

    /// An object was expected at `location`.
    fn not_an_object(location: ValuePointerRef<'_>, kind: ValueKind) -> Self {
        match kind {
            ValueKind::Null => Self::null(location),
            kind => Self::at_non_field(location, texts::not_an_object(python::type_name(kind))),
        }
    }

    /// A list of objects was expected at `location`.
    pub(crate) fn not_a_list_of_objects(location: ValuePointerRef<'_>, kind: ValueKind) -> Self {
        match kind {
            ValueKind::Null => Self::null(location),
            kind => Self::at_non_field(location, texts::not_a_list(python::type_name(kind))),
        }
    }

    /// A list of values was expected at `location`.
    pub(crate) fn not_a_list(location: ValuePointerRef<'_>, kind: ValueKind) -> Self {
        match kind {
            ValueKind::Null => Self::null(location),
            kind => Self::at(location, texts::not_a_list(python::type_name(kind))),
        }
    }

    /// Null at `location`, where it is not allowed.
    pub(crate) fn null(location: ValuePointerRef<'_>) -> Self {
        if location.is_origin() {
            Self::non_field(texts::NO_DATA)
        } else {
            Self::at(location, texts::NULL)
        }
    }
}

/// How many steps lead to `location`.
pub(crate) fn depth(mut location: ValuePointerRef<'_>) -> usize {
    let mut depth = 0;
    while let ValuePointerRef::Key { prev, .. } | ValuePointerRef::Index { prev, .. } = location {
        depth += 1;
        location = *prev;
    }
    depth
}

fn path(mut location: ValuePointerRef<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        let (step, prev) = match location {
            ValuePointerRef::Origin => break,
            ValuePointerRef::Key { key, prev } => (Step::Key(key.to_owned().into()), prev),
            ValuePointerRef::Index { index, prev } => (Step::Index(index), prev),
        };
        steps.push(step);
        location = *prev;
    }
    steps.reverse();
    steps
}

impl MergeWithError<Self> for Invalid {
    fn merge(
        first: Option<Self>,
        other: Self,
        _location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        // Paths are absolute, so merging is appending.
        let Some(mut all) = first else {
            return ControlFlow::Continue(other);
        };
        all.extend(other);
        if all.entries.len() < MOST {
            ControlFlow::Continue(all)
        } else {
            ControlFlow::Break(all)
        }
    }
}

impl DeserializeError for Invalid {
    fn error<V: IntoValue>(
        first: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let found = match error {
            ErrorKind::MissingField { field } => {
                Self::at(location.push_key(field), texts::REQUIRED)
            }
            ErrorKind::UnknownKey { key, .. } => {
                Self::at(location.push_key(key), texts::UNKNOWN_FIELD)
            }
            ErrorKind::UnknownValue { value, .. } => Self::at(location, texts::not_a_choice(value)),
            ErrorKind::BadSequenceLen {
                expected,
                actual: _,
            } => Self::at(location, texts::wrong_length(expected)),
            ErrorKind::Unexpected { msg } => Self::at(location, msg),
            ErrorKind::IncorrectValueKind { actual, accepted } => {
                wrong_kind(location, actual.kind(), accepted)
            }
        };
        Self::merge(first, found, location)
    }
}

fn wrong_kind(location: ValuePointerRef<'_>, actual: ValueKind, accepted: &[ValueKind]) -> Invalid {
    match accepted.first() {
        Some(ValueKind::Map) => Invalid::not_an_object(location, actual),
        Some(ValueKind::Sequence) => Invalid::not_a_list(location, actual),
        _ if actual == ValueKind::Null => Invalid::null(location),
        Some(ValueKind::Boolean) => Invalid::at(location, texts::NOT_BOOLEAN),
        Some(ValueKind::Integer | ValueKind::NegativeInteger | ValueKind::Float) => {
            Invalid::at(location, texts::NOT_INTEGER)
        }
        _ => Invalid::at(location, texts::NOT_TEXT),
    }
}

impl Serialize for Invalid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Node {
            entries: self.entries.iter().collect(),
            depth: 0,
        }
        .serialize(serializer)
    }
}

/// The errors below one place.
struct Node<'a> {
    entries: Vec<&'a Entry>,
    depth: usize,
}

impl<'a> Node<'a> {
    /// The messages on this very place.
    fn own(&self) -> Vec<&'a str> {
        self.entries
            .iter()
            .filter(|entry| entry.path.len() == self.depth)
            .map(|entry| entry.text.as_ref())
            .collect()
    }

    /// The places below, in the order they were first reported.
    fn below(&self) -> Vec<(&'a Step, Node<'a>)> {
        let mut known: HashMap<&Step, usize> = HashMap::new();
        let mut nodes: Vec<(&'a Step, Node<'a>)> = Vec::new();
        for entry in &self.entries {
            let Some(step) = entry.path.get(self.depth) else {
                continue;
            };
            let place = *known.entry(step).or_insert(nodes.len());
            match nodes.get_mut(place) {
                Some((_, node)) => node.entries.push(entry),
                None => nodes.push((
                    step,
                    Node {
                        entries: vec![entry],
                        depth: self.depth + 1,
                    },
                )),
            }
        }
        nodes
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let own = self.own();
        let below = self.below();
        match below.first() {
            None => own.serialize(serializer),
            Some((Step::Item { of, .. }, _)) => items(&below, *of, serializer),
            Some(_) => {
                let mut map = serializer.serialize_map(None)?;
                for (step, node) in &below {
                    match step {
                        Step::Key(key) => map.serialize_entry(key, node)?,
                        Step::Index(index) | Step::Item { index, .. } => {
                            map.serialize_entry(&index.to_string(), node)?;
                        }
                    }
                }
                if !own.is_empty() {
                    map.serialize_entry(NON_FIELD, &own)?;
                }
                map.end()
            }
        }
    }
}

fn items<S: Serializer>(
    below: &[(&Step, Node<'_>)],
    of: usize,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let by_index: HashMap<usize, &Node<'_>> = below
        .iter()
        .filter_map(|(step, node)| match step {
            Step::Item { index, .. } => Some((*index, node)),
            _ => None,
        })
        .collect();
    let mut list = serializer.serialize_seq(Some(of))?;
    for index in 0..of {
        match by_index.get(&index) {
            Some(node) => list.serialize_element(node)?,
            None => list.serialize_element(&serde_json::Map::new())?,
        }
    }
    list.end()
}
