//! From a JSON value to the entries of a file: what every field may be.

use serde_json::Value;

use super::{Entry, Keyed, Named, Object, Wrong};
use crate::depth::{DEEPEST, is_deeper};
use crate::show::{Place, cut, quoted};

const NAMED: &[&str] = &[
    "name",
    "platform_name",
    "theme_name",
    "org_filter",
    "domains",
    "organizations",
    "unset",
    "lms_configs",
    "studio_configs",
    "theming_configs",
    "meta",
];

const KEYED: &[&str] = &[
    "external_key",
    "id",
    "domains",
    "organizations",
    "lms_configs",
    "studio_configs",
    "theming_configs",
    "meta",
];

/// The entries of a file at their positions, none where there is no telling which tenant is meant.
/// A field that is wrong is reported and stands empty.
pub(super) fn entries(file: Value, wrong: &mut Vec<Wrong>) -> Vec<Option<Entry>> {
    let root = Place::Root;
    let place = root.member("tenants");
    let Some(list) = list(file, place, wrong) else {
        return Vec::new();
    };
    let entries = list.into_iter().enumerate();
    entries
        .map(|(index, value)| entry(value, place.item(index), wrong))
        .collect()
}

/// What stands under `tenants`. A file that says nothing is refused: taken as a list without
/// tenants, it would remove all of them.
fn list(file: Value, place: Place<'_>, wrong: &mut Vec<Wrong>) -> Option<Vec<Value>> {
    let none = "Write `tenants: []` if there are to be no tenants.";
    let mut refuse = |place, why: String| {
        wrong.push(Wrong::new(place, why));
        None
    };
    let mut members = match file {
        Value::Object(members) => members,
        Value::Null => return refuse(Place::Root, format!("The file is empty. {none}")),
        other => {
            let why = format!(
                "A file is an object with the member `tenants`, and this is {}.",
                kind(&other)
            );
            return refuse(Place::Root, why);
        }
    };
    let found = match members.shift_remove("tenants") {
        Some(Value::Array(list)) => Some(list),
        Some(Value::Null) => refuse(place, format!("The list is empty. {none}")),
        Some(other) => refuse(place, must_be("a list", &other)),
        None => refuse(place, format!("This field is required. {none}")),
    };
    for name in members.keys() {
        let why = "There is no such field; a file has only `tenants`.".to_owned();
        refuse(Place::Root.member(name), why);
    }
    found
}

fn entry(value: Value, place: Place<'_>, wrong: &mut Vec<Wrong>) -> Option<Entry> {
    let mut refuse = |why: String| {
        wrong.push(Wrong::new(place, why));
        None
    };
    let members = match value {
        Value::Object(members) => members,
        other => return refuse(must_be("an object", &other)),
    };
    let has = |field: &str| members.contains_key(field);
    match (has("name"), has("external_key")) {
        (true, true) => refuse(
            "A tenant is known by `name` or by `external_key`, and this one has both.".to_owned(),
        ),
        (false, false) => refuse(
            "A tenant has a `name`, or an `external_key` if it was not provisioned by name."
                .to_owned(),
        ),
        (is_named, _) => {
            let fields = Fields {
                members,
                place,
                wrong,
            };
            Some(if is_named {
                Entry::Named(fields.named())
            } else {
                Entry::Keyed(fields.keyed())
            })
        }
    }
}

/// The fields of one entry that are still to be read.
struct Fields<'a> {
    members: Object,
    place: Place<'a>,
    wrong: &'a mut Vec<Wrong>,
}

impl Fields<'_> {
    fn named(mut self) -> Named {
        let platform_name = self.required("platform_name", Self::text);
        let named = Named {
            name: self.required("name", Self::text),
            platform_name: platform_name.trim().to_owned(),
            theme_name: self.optional("theme_name", Self::text),
            org_filter: self.organizations_shown(),
            domains: self.optional("domains", Self::texts),
            organizations: self.optional("organizations", Self::texts),
            unset: self.optional("unset", Self::texts).unwrap_or_default(),
            lms_configs: self
                .optional("lms_configs", Self::column)
                .unwrap_or_default(),
            studio_configs: self
                .optional("studio_configs", Self::column)
                .unwrap_or_default(),
            theming_configs: self
                .optional("theming_configs", Self::column)
                .unwrap_or_default(),
            meta: self.optional("meta", Self::column).unwrap_or_default(),
        };
        self.end("A tenant with a name", NAMED);
        named
    }

    fn keyed(mut self) -> Keyed {
        let keyed = Keyed {
            external_key: self.required("external_key", Self::text),
            id: self.optional("id", Self::number),
            domains: self.required("domains", Self::texts),
            organizations: self.optional("organizations", Self::texts),
            lms_configs: self.required("lms_configs", Self::column),
            studio_configs: self
                .optional("studio_configs", Self::column)
                .unwrap_or_default(),
            theming_configs: self
                .optional("theming_configs", Self::column)
                .unwrap_or_default(),
            meta: self.optional("meta", Self::column).unwrap_or_default(),
        };
        self.end("A tenant with a key", KEYED);
        keyed
    }

    fn optional<T>(
        &mut self,
        field: &str,
        read: fn(&mut Self, &str, Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.members.shift_remove(field)?;
        read(self, field, value)
    }

    fn required<T: Default>(
        &mut self,
        field: &str,
        read: fn(&mut Self, &str, Value) -> Option<T>,
    ) -> T {
        if !self.members.contains_key(field) {
            self.refuse(field, "This field is required.");
        }
        self.optional(field, read).unwrap_or_default()
    }

    fn refuse(&mut self, field: &str, why: impl Into<String>) {
        let wrong = Wrong::new(self.place.member(field), why);
        self.wrong.push(wrong);
    }

    fn text(&mut self, field: &str, value: Value) -> Option<String> {
        let place = self.place.member(field);
        text(value, place, self.wrong)
    }

    fn texts(&mut self, field: &str, value: Value) -> Option<Vec<String>> {
        let place = self.place.member(field);
        match value {
            Value::Array(items) => {
                let items = items.into_iter().enumerate();
                let items = items.map(|(index, item)| text(item, place.item(index), self.wrong));
                // Those that are no texts keep their places, so that those after them keep theirs.
                Some(items.map(Option::unwrap_or_default).collect())
            }
            other => {
                self.refuse(field, must_be("a list", &other));
                None
            }
        }
    }

    /// `org_filter`: as when a tenant is created, one name needs no list, and `null` is none.
    fn organizations_shown(&mut self) -> Vec<String> {
        let names = match self.members.shift_remove("org_filter") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(vec![name]),
            Some(other) => self.texts("org_filter", other),
        };
        names.unwrap_or_default()
    }

    fn number(&mut self, field: &str, value: Value) -> Option<i64> {
        match value {
            Value::Number(number) if number.is_i64() => number.as_i64(),
            other => {
                self.refuse(field, must_be("a whole number", &other));
                None
            }
        }
    }

    fn column(&mut self, field: &str, value: Value) -> Option<Object> {
        if is_deeper(&value, DEEPEST) {
            let why = format!("This is nested deeper than {DEEPEST} levels.");
            self.refuse(field, why);
            return None;
        }
        match value {
            Value::Object(members) => Some(members),
            other => {
                self.refuse(field, must_be("an object", &other));
                None
            }
        }
    }

    /// Reports the fields that nobody asked for.
    fn end(mut self, who: &str, known: &[&str]) {
        for name in std::mem::take(&mut self.members).keys() {
            let why = format!("There is no such field. {who} has: {}.", known.join(", "));
            self.refuse(name, why);
        }
    }
}

fn text(value: Value, place: Place<'_>, wrong: &mut Vec<Wrong>) -> Option<String> {
    match value {
        // No database keeps it in a text.
        Value::String(text) if text.contains('\0') => {
            wrong.push(Wrong::new(place, "Null characters are not allowed."));
            None
        }
        Value::String(text) => Some(text),
        other => {
            wrong.push(Wrong::new(place, must_be("a text", &other)));
            None
        }
    }
}

fn must_be(wanted: &str, found: &Value) -> String {
    let found_is = kind(found);
    match found {
        Value::Bool(_) | Value::Number(_) if wanted == "a text" => {
            format!("This must be a text, and is {found_is}: put it in quotes, \"{found}\".")
        }
        Value::Null => {
            format!(
                "This must be {wanted}, and nothing stands here: leave the field out if there is nothing to say."
            )
        }
        Value::String(text) => {
            let text = quoted(&cut(text, 40));
            format!("This must be {wanted}, and is the text {text}.")
        }
        _ => format!("This must be {wanted}, and is {found_is}."),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    #[test]
    fn both_kinds_of_entry_list_the_fields_they_have() {
        let named = serde_json::to_value(schemars::schema_for!(Named)).unwrap();
        let keyed = serde_json::to_value(schemars::schema_for!(Keyed)).unwrap();
        for (schema, known) in [(named, NAMED), (keyed, KEYED)] {
            let fields: Map<String, Value> = schema["properties"].as_object().unwrap().clone();
            let mut fields: Vec<&str> = fields.keys().map(String::as_str).collect();
            let mut known = known.to_vec();
            fields.sort_unstable();
            known.sort_unstable();
            assert_eq!(fields, known);
        }
    }
}
