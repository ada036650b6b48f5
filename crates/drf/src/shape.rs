//! What a type looks like from outside, for decoding forms and query strings, which have no types.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use deserr::Deserr;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::Invalid;

/// The outline of a type: an object, or a list of objects.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The type itself is a list; `fields` are those of its elements.
    pub(crate) list: bool,
    pub(crate) fields: Vec<Field>,
}

/// One property.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// Given as repeated names, or as `name[0]`, `name[1]`.
    pub(crate) list: bool,
    /// What an empty text means.
    pub(crate) blank: Blank,
}

/// What an empty text means for a property: a form has no other way to say null or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blank {
    /// The property was not given.
    Absent,
    /// It was given as null.
    Null,
    /// It is an empty text, for better or worse.
    Text,
}

static SHAPES: LazyLock<RwLock<HashMap<TypeId, Arc<Shape>>>> = LazyLock::new(RwLock::default);

impl Shape {
    /// The shape of `T`, worked out once.
    pub(crate) fn of<T: Deserr<Invalid> + JsonSchema + 'static>() -> Arc<Self> {
        let key = TypeId::of::<T>();
        if let Some(known) = SHAPES
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
        {
            return Arc::clone(known);
        }
        let shape = Arc::new(Self::work_out::<T>());
        SHAPES
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, Arc::clone(&shape));
        shape
    }

    fn work_out<T: Deserr<Invalid> + JsonSchema>() -> Self {
        let schema = SchemaSettings::draft2020_12()
            .into_generator()
            .into_root_schema_for::<T>();
        let root = schema.as_value();
        let mut object = resolve(root, root);
        let list = is(object, "array");
        if list {
            object = object
                .get("items")
                .map_or(object, |items| resolve(root, items));
        }
        let none = Map::new();
        let properties = object
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        let missing = missing::<T>(list);
        let fields = properties
            .iter()
            .map(|(name, schema)| Field::read(root, name, schema, missing.as_ref()))
            .collect();
        Self { list, fields }
    }
}

/// Which properties are required is asked of the decoder itself, so that it cannot disagree.
pub(crate) fn missing<T: Deserr<Invalid>>(list: bool) -> Option<Invalid> {
    let nothing = if list { json!([{}]) } else { json!({}) };
    deserr::deserialize::<T, Value, Invalid>(nothing).err()
}

impl Field {
    fn read(root: &Value, name: &str, schema: &Value, missing: Option<&Invalid>) -> Self {
        let schema = resolve(root, schema);
        let choices = ["anyOf", "oneOf"]
            .iter()
            .filter_map(|word| schema.get(word)?.as_array())
            .flatten()
            .map(|choice| resolve(root, choice));
        let all: Vec<&Value> = std::iter::once(schema).chain(choices).collect();
        let may_be_blank = all
            .iter()
            .any(|schema| schema.get("minLength") == Some(&json!(0)));
        let nullable = all.iter().any(|schema| is(schema, "null"));
        let required = missing.is_some_and(|missing| missing.misses(name));
        Self {
            name: name.to_owned(),
            list: all.iter().any(|schema| is(schema, "array")),
            blank: match (may_be_blank, nullable, required) {
                (true, _, _) | (_, false, true) => Blank::Text,
                (_, true, _) => Blank::Null,
                (_, false, false) => Blank::Absent,
            },
        }
    }
}

/// Follow references into the definitions of `root`.
fn resolve<'a>(root: &'a Value, mut schema: &'a Value) -> &'a Value {
    // A reference to itself would never end; no sensible schema chains more than a few.
    for _ in 0..8 {
        let target = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| root.pointer(path.trim_start_matches('#')));
        match target {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

fn is(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(found)) => found == kind,
        Some(Value::Array(found)) => found.iter().any(|found| found == kind),
        _ => false,
    }
}
