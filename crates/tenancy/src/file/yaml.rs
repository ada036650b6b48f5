//! YAML as JSON values: what YAML has beyond JSON is refused, each time with its place.

use std::cell::RefCell;
use std::fmt::{self, Formatter};

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess as _, Visitor,
};
use serde_json::{Map, Number, Value};

use super::Wrong;
use crate::show::{Place, cut, quoted};

/// How much a text may grow beyond its own size through aliases, in bytes of what is kept of it: a
/// file of some lines could otherwise be written to fill the memory.
const GROWTH: usize = 64 << 20;

/// What a value costs beside its text, in bytes.
const VALUE: usize = 64;

/// How reading is broken off when that is passed.
const TOO_MUCH: &str = "written out, the aliases make this file too large";

/// The only document of a text, with everything in it that JSON does not have; or what keeps it from
/// being read at all.
pub(super) fn read(text: &str) -> Result<(Value, Vec<Wrong>), Wrong> {
    if let Some(found) = json(text) {
        return Ok(found);
    }
    let mut documents = serde_yaml_ng::Deserializer::from_str(text);
    let Some(document) = documents.next() else {
        return Ok((Value::Null, Vec::new()));
    };
    let found = Found::new(text);
    let value = found.root().deserialize(document);
    let value = value.map_err(|why| unreadable(&why))?;
    if documents.next().is_some() {
        let why =
            "The file holds several documents, and may hold one: `---` stands only at its top.";
        return Err(Wrong::new(Place::Root, why));
    }
    Ok((value, found.wrong.into_inner()))
}

/// A text that is JSON. Readers of YAML refuse some of it: a character written as two escapes, as
/// Python writes an emoji, and members with very long names.
fn json(text: &str) -> Option<(Value, Vec<Wrong>)> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let found = Found::new(text);
    let mut document = serde_json::Deserializer::from_str(text);
    let value = found.root().deserialize(&mut document).ok()?;
    document.end().ok()?;
    Some((value, found.wrong.into_inner()))
}

fn unreadable(why: &serde_yaml_ng::Error) -> Wrong {
    let why = why.to_string();
    let why = if why.contains(TOO_MUCH) || why.starts_with("repetition limit") {
        format!("The file is not read: {TOO_MUCH}.")
    } else if why.contains("recursion limit") {
        let at = why.split_once(" at ").map_or("", |(_, at)| at);
        format!("The file is not read: it is nested too deeply at {at}.")
    } else {
        // The parser quotes what it does not understand.
        let seen = quoted(&cut(&why, 300));
        let seen = seen.trim_matches('"').replace("\\\"", "\"");
        format!("The file is not YAML: {seen}.")
    };
    Wrong::new(Place::Root, why)
}

/// What is gathered while a document is read.
struct Found {
    wrong: RefCell<Vec<Wrong>>,
    room: RefCell<usize>,
}

impl Found {
    fn new(text: &str) -> Self {
        Self {
            wrong: RefCell::default(),
            room: RefCell::new(text.len().saturating_mul(VALUE).saturating_add(GROWTH)),
        }
    }

    fn root(&self) -> Node<'_> {
        Node {
            found: self,
            place: Place::Root,
        }
    }

    fn say(&self, place: Place<'_>, why: impl Into<String>) {
        self.wrong.borrow_mut().push(Wrong::new(place, why));
    }

    fn take<E: serde::de::Error>(&self, text: usize) -> Result<(), E> {
        let mut room = self.room.borrow_mut();
        *room = room
            .checked_sub(VALUE.saturating_add(text))
            .ok_or_else(|| E::custom(TOO_MUCH))?;
        Ok(())
    }
}

/// The value at a place, still to be read.
#[derive(Clone, Copy)]
struct Node<'a> {
    found: &'a Found,
    place: Place<'a>,
}

impl Node<'_> {
    /// A whole number that JSON would round.
    fn too_large(self) -> Value {
        let why = "This number is too large to be kept exactly: put it in quotes if it is a text.";
        self.found.say(self.place, why);
        Value::Null
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value that JSON has")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        self.found.take(0)?;
        Ok(value.into())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.found.take(0)?;
        Ok(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.found.take(0)?;
        Ok(value.into())
    }

    fn visit_i128<E: serde::de::Error>(self, _: i128) -> Result<Value, E> {
        Ok(self.too_large())
    }

    fn visit_u128<E: serde::de::Error>(self, _: u128) -> Result<Value, E> {
        Ok(self.too_large())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        self.found.take(0)?;
        Ok(Number::from_f64(value).map_or_else(
            || {
                let why = "JSON has neither infinite numbers nor numbers that are none.";
                self.found.say(self.place, why);
                Value::Null
            },
            Value::Number,
        ))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.found.take(value.len())?;
        Ok(value.into())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        self.found.take(0)?;
        Ok(Value::Null)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.found.take(0)?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Node {
            found: self.found,
            place: self.place.item(list.len()),
        })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.found.take(0)?;
        let mut object = Map::new();
        while let Some(key) = members.next_key_seed(self)? {
            let key = self.key(key);
            let value = members.next_value_seed(Node {
                found: self.found,
                place: self.place.member(&key),
            })?;
            if key == "<<" {
                let why = "Merge keys (`<<`) are not read; anchors and aliases are.";
                self.found.say(self.place, why);
            } else if object.contains_key(&key) {
                let why = "This member stands twice in the same object.";
                self.found.say(self.place.member(&key), why);
            } else {
                object.insert(key, value);
            }
        }
        Ok(Value::Object(object))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (tag, content) = tagged.variant_seed(Tag)?;
        let tag = quoted(&cut(&tag, 40));
        let why = format!("Tags are not read, and this value has one: {tag}.");
        self.found.say(self.place, why);
        content.newtype_variant_seed(self)
    }
}

impl Node<'_> {
    /// The name of a member of this object.
    fn key(self, key: Value) -> String {
        let (kind, shown) = match key {
            Value::String(key) => return key,
            Value::Null => ("nothing", "null".to_owned()),
            Value::Bool(key) => ("a truth value", key.to_string()),
            Value::Number(key) => ("a number", key.to_string()),
            Value::Array(_) => ("a list", "[…]".to_owned()),
            Value::Object(_) => ("an object", "{…}".to_owned()),
        };
        let why = format!(
            "The name of a member is a text, and `{shown}` is {kind}: put it in quotes if it is meant as one."
        );
        self.found.say(self.place, why);
        shown
    }
}

/// The name of a tag.
struct Tag;

impl<'de> DeserializeSeed<'de> for Tag {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Tag {
    type Value = String;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("a tag")
    }

    fn visit_str<E: serde::de::Error>(self, tag: &str) -> Result<String, E> {
        Ok(tag.to_owned())
    }
}
