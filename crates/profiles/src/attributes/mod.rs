//! Attribute tables: which members a request may have, must have and must not have, and what each may
//! hold. What a body is read by is also what the document says of it.
//!
//! Invariant: all that is wrong with a request is told together, in the order of the table.

pub(crate) mod kind;
mod values;

pub(crate) mod group;
pub(crate) mod tenant;

pub(crate) use kind::{Given, Kind};
pub(crate) use values::Values;

use provost_app::Answer;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value};

use crate::refusal::{Code, Refusal, refused};

/// A JSON object, as it was sent.
pub(crate) type Object = Map<String, Value>;

/// What a request says to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// It must be there.
    Required,
    /// It may be there.
    Optional,
    /// It must not say anything else than what is on record.
    Forbidden,
    /// Nobody looks at it.
    Ignored,
}

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// It makes something.
    Create,
    /// It changes something.
    Update,
    /// It removes something.
    Remove,
    /// It looks for something.
    Look,
}

/// The members that requests about one sort of thing may have.
pub(crate) trait Table: Send + Sync + 'static {
    /// The members, in the order in which they are refused.
    fn attributes() -> &'static [Attribute];
}

/// A member of a request.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    /// An older name, which counts where the other one is absent.
    pub(crate) synonym: Option<&'static str>,
    pub(crate) kind: Kind,
    /// Whether null or an empty text takes away what is on record.
    pub(crate) clearable: bool,
    create: Rule,
    update: Rule,
    remove: Rule,
}

impl Attribute {
    /// A member that requests to create and to update may have, and that can be cleared.
    pub(crate) const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            synonym: None,
            kind,
            clearable: true,
            create: Rule::Optional,
            update: Rule::Optional,
            remove: Rule::Ignored,
        }
    }

    /// The same with rules of its own for creating and updating.
    pub(crate) const fn rules(mut self, create: Rule, update: Rule) -> Self {
        self.create = create;
        self.update = update;
        self
    }

    /// The same, with a rule for removing.
    pub(crate) const fn removing(mut self, remove: Rule) -> Self {
        self.remove = remove;
        self
    }

    /// The same, which always has a value.
    pub(crate) const fn lasting(mut self) -> Self {
        self.clearable = false;
        self
    }

    /// The same under an older name too.
    pub(crate) const fn synonym(mut self, name: &'static str) -> Self {
        self.synonym = Some(name);
        self
    }

    fn rule(&self, deed: Deed) -> Rule {
        match deed {
            Deed::Create => self.create,
            Deed::Update => self.update,
            Deed::Remove => self.remove,
            Deed::Look => Rule::Optional,
        }
    }

    /// What the member looks like in a request; nothing where nobody looks at it.
    pub(crate) fn schema_for(&self, deed: Deed) -> Option<Schema> {
        let mut schema = self.kind.schema();
        match self.rule(deed) {
            Rule::Ignored => return None,
            Rule::Forbidden => {
                let text = "Ignored where it says what is on record, else refused.";
                schema.insert("description".to_owned(), text.into());
            }
            Rule::Optional if self.clearable && deed != Deed::Look => {
                let text = "Null, or an empty text, takes away what is on record.";
                schema = json_schema!({
                    "description": text,
                    "anyOf": [schema, {"type": "null"}, {"const": ""}],
                });
            }
            Rule::Required | Rule::Optional => {}
        }
        Some(schema)
    }

    /// Whether such a request may say anything here.
    pub(crate) fn is_taken(&self, deed: Deed) -> bool {
        matches!(self.rule(deed), Rule::Required | Rule::Optional)
    }

    /// What an object says here.
    pub(crate) fn of<'a>(&self, object: &'a Object) -> Option<&'a Value> {
        let older = || self.synonym.and_then(|synonym| object.get(synonym));
        object.get(self.name).or_else(older)
    }

    /// Reads the member where it is given.
    fn read(&self, value: &Value) -> Result<Given, Vec<Refusal>> {
        if self.clearable && matches!(value, Value::Null) {
            return Ok(Given::Cleared);
        }
        if self.clearable && value.as_str().is_some_and(str::is_empty) {
            return Ok(Given::Cleared);
        }
        self.kind.read(self.name, value)
    }
}

/// Reads what an object says to each of the attributes. `stored` holds what is on record.
///
/// # Errors
/// 400 with all that is wrong.
pub(crate) fn read(
    attributes: &[Attribute],
    deed: Deed,
    object: &Object,
    stored: &Object,
) -> Answer<Values> {
    read_or_refusals(attributes, deed, object, stored).map_err(|refusals| refused(&refusals).into())
}

/// The same, for whoever has more to refuse.
///
/// # Errors
/// All that is wrong.
pub(crate) fn read_or_refusals(
    attributes: &[Attribute],
    deed: Deed,
    object: &Object,
    stored: &Object,
) -> Result<Values, Vec<Refusal>> {
    let mut values = Values::default();
    let mut refusals = Vec::new();
    for attribute in attributes {
        let given = attribute.of(object);
        match (attribute.rule(deed), given) {
            (Rule::Ignored, _) | (Rule::Optional | Rule::Forbidden, None) => {}
            (Rule::Required, None) => refusals.push(Refusal::missing(attribute.name)),
            (Rule::Forbidden, Some(given)) => {
                if stored.get(attribute.name).unwrap_or(&Value::Null) != given {
                    let name = attribute.name;
                    let reason = format!("Parameter '{name}' cannot be given another value");
                    refusals.push(Refusal::of(Code::Forbidden, name, reason));
                }
            }
            (Rule::Required | Rule::Optional, Some(given)) => match attribute.read(given) {
                Ok(given) => values.put(attribute.name, given),
                Err(wrong) => refusals.extend(wrong),
            },
        }
    }
    if refusals.is_empty() {
        Ok(values)
    } else {
        Err(refusals)
    }
}

/// Puts what is refused into the order of the attributes.
pub(crate) fn sort(attributes: &[Attribute], refusals: &mut [Refusal]) {
    let place = |refusal: &Refusal| {
        let parameter = refusal.parameter().unwrap_or_default();
        let name = parameter.split('.').next().unwrap_or_default();
        attributes
            .iter()
            .position(|attribute| attribute.name == name)
    };
    refusals.sort_by_key(place);
}

/// What a body of these attributes looks like.
pub(crate) fn schema(attributes: &[Attribute], deed: Deed) -> Schema {
    let mut properties = Map::new();
    let mut required: Vec<Value> = Vec::new();
    for attribute in attributes {
        if attribute.rule(deed) == Rule::Required {
            required.push(attribute.name.into());
        }
        if let Some(schema) = attribute.schema_for(deed) {
            properties.insert(attribute.name.to_owned(), schema.to_value());
        }
    }
    let mut schema = json_schema!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    schema
}
