//! What a request says, read and found right.

use provost_store::tenants;
use serde_json::Value;

use super::{Attribute, Given, Object};

/// What a request says to each attribute that it has.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Values(Vec<(&'static str, Given)>);

impl Values {
    pub(super) fn put(&mut self, name: &'static str, given: Given) {
        self.0.push((name, given));
    }

    /// What is said of an attribute.
    pub(crate) fn get(&self, attribute: &Attribute) -> Option<&Given> {
        let mut all = self.0.iter();
        let (_, given) = all.find(|(name, _)| *name == attribute.name)?;
        Some(given)
    }

    /// The text of an attribute; an empty one where it is cleared.
    pub(crate) fn text(&self, attribute: &Attribute) -> Option<&str> {
        match self.get(attribute)? {
            Given::Text(text) => Some(text),
            Given::Cleared => Some(""),
            _ => None,
        }
    }

    /// Writes the text of an attribute, if it is given.
    pub(crate) fn set_text(&self, attribute: &Attribute, place: &mut String) {
        if let Some(text) = self.text(attribute) {
            text.clone_into(place);
        }
    }

    /// The text of an attribute, unless there is none or it is empty.
    pub(crate) fn name(&self, attribute: &Attribute) -> Option<&str> {
        self.text(attribute).filter(|text| !text.is_empty())
    }

    /// The truth of an attribute.
    pub(crate) fn flag(&self, attribute: &Attribute) -> Option<bool> {
        match self.get(attribute)? {
            Given::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The number of an attribute.
    pub(crate) fn whole(&self, attribute: &Attribute) -> Option<i64> {
        match self.get(attribute)? {
            Given::Whole(number) => Some(*number),
            _ => None,
        }
    }

    /// The list of an attribute; an empty one where it is not given.
    pub(crate) fn list(&self, attribute: &Attribute) -> &[String] {
        match self.get(attribute) {
            Some(Given::List(list)) => list,
            _ => &[],
        }
    }

    /// A number among those of an attribute.
    pub(crate) fn number(&self, attribute: &Attribute, member: &str) -> Option<i64> {
        match self.get(attribute)? {
            Given::Numbers(numbers) => {
                let mut all = numbers.iter();
                all.find(|(name, _)| *name == member)
                    .map(|(_, number)| *number)
            }
            _ => None,
        }
    }

    /// The object of an attribute; an empty one where it is cleared.
    pub(crate) fn object(&self, attribute: &Attribute) -> Option<Object> {
        match self.get(attribute)? {
            Given::Free(object) => Some(object.clone()),
            Given::Cleared => Some(Object::new()),
            _ => None,
        }
    }

    /// Lays the texts of an attribute over those on record, member by member.
    pub(crate) fn merge(&self, attribute: &Attribute, place: &mut tenants::Object) {
        match self.get(attribute) {
            Some(Given::Cleared) => place.clear(),
            Some(Given::Texts(members)) => {
                for (name, text) in members {
                    match text {
                        Some(text) => {
                            place.insert((*name).to_owned(), Value::from(text.as_str()));
                        }
                        None => {
                            place.shift_remove(*name);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}
