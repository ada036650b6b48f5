//! A body read member by member, so that everything wrong with it is said at once, what only the
//! database knows included.

use deserr::{Deserr, IntoValue, ValuePointerRef};
use provost_drf::{Invalid, Payload, Text};
use provost_store::tenants::Object;
use provost_store::{Db, Fault};
use provost_tenancy::effective::organization_filter;
use provost_tenancy::{DEEPEST, is_deeper};
use serde_json::Value;

use super::references;

const REQUIRED: &str = "This field is required.";
const NULL: &str = "This field may not be null.";
const TOO_DEEP: &str = "This value is nested too deeply.";

/// Whether a request says everything of a row or parts of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Each required member must be there.
    Whole,
    /// What is not there stays as it is.
    Partial,
}

/// The members of a body, and what was found wrong with them.
pub(super) struct Members<'a> {
    sent: &'a Object,
    extent: Extent,
    wrong: Option<Invalid>,
}

impl<'a> Members<'a> {
    /// The members of the body.
    ///
    /// # Errors
    /// The body is no object.
    pub(super) fn of(body: &'a Payload, extent: Extent) -> Result<Self, Invalid> {
        let value = body.as_value();
        let sent = value.as_object();
        Ok(Self {
            sent: sent.ok_or_else(|| Invalid::not_a_dictionary(value))?,
            extent,
            wrong: None,
        })
    }

    /// Notes what is wrong with a member.
    pub(super) fn refuse(&mut self, name: &'static str, text: impl Into<String>) {
        self.note(Invalid::field(name, text.into()));
    }

    fn note(&mut self, found: Invalid) {
        match &mut self.wrong {
            Some(all) => all.extend(found),
            none => *none = Some(found),
        }
    }

    /// A required member, which may not be null.
    pub(super) fn json(&mut self, name: &'static str) -> Option<&'a Value> {
        match self.sent.get(name) {
            None if self.extent == Extent::Whole => self.refuse(name, REQUIRED),
            None => {}
            Some(Value::Null) => self.refuse(name, NULL),
            Some(value) if is_deeper(value, DEEPEST) => self.refuse(name, TOO_DEEP),
            Some(value) => return Some(value),
        }
        None
    }

    /// A required member that is an object.
    pub(super) fn object(&mut self, name: &'static str) -> Option<Object> {
        let value = self.json(name)?;
        let object = value.as_object();
        if object.is_none() {
            self.refuse(name, format!("{name} must be a dictionary."));
        }
        object.cloned()
    }

    /// A required member that is a text of at most `MOST` characters.
    pub(super) fn text<const MOST: usize>(&mut self, name: &'static str) -> Option<String> {
        let value = self.json(name)?.clone().into_value();
        let location = ValuePointerRef::Origin;
        match Text::<MOST>::deserialize_from_value(value, location.push_key(name)) {
            Ok(text) => Some(text.into_string()),
            Err(wrong) => {
                self.note(wrong);
                None
            }
        }
    }

    /// The key of another row, required.
    pub(super) fn key(&mut self, name: &'static str) -> Option<references::Sent> {
        let value = match self.json(name)? {
            // An empty text is how a form says null, and is taken for it here as well.
            Value::String(text) if text.is_empty() => {
                self.refuse(name, NULL);
                return None;
            }
            value => value,
        };
        match references::key(value) {
            Ok(key) => Some(key),
            Err(wrong) => {
                self.refuse(name, wrong);
                None
            }
        }
    }

    /// The keys of organizations, if they were sent.
    pub(super) async fn organizations(&mut self, db: &Db) -> Result<Option<Vec<i64>>, Fault> {
        const NAME: &str = "organizations";
        let Some(value) = self.sent.get(NAME) else {
            return Ok(None);
        };
        if value.is_null() {
            self.refuse(NAME, NULL);
            return Ok(None);
        }
        match references::organizations(db, value).await? {
            Ok(keys) => Ok(Some(keys)),
            Err(wrong) => {
                self.refuse(NAME, wrong);
                Ok(None)
            }
        }
    }

    /// The organizations that settings, which are the member `name`, show courses of.
    pub(super) fn check_filter(&mut self, name: &'static str, settings: &Object) {
        if let Err(wrong) = organization_filter(settings) {
            self.refuse(name, wrong.to_string());
        }
    }

    /// Passes if nothing was wrong.
    ///
    /// # Errors
    /// Everything that was.
    pub(super) fn finish(self) -> Result<(), Invalid> {
        self.wrong.map_or(Ok(()), Err)
    }
}
