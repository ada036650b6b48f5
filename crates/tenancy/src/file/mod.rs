//! Tenants as code: the file that says which tenants there are to be.

mod check;
pub(crate) mod pointer;
mod read;
mod write;
mod yaml;

use std::collections::HashSet;
use std::fmt::{self, Display, Formatter};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Settings;
use crate::names::{LONGEST_KEY, LONGEST_PLATFORM, LONGEST_THEME};

pub(crate) use check::check;

type Object = Map<String, Value>;

/// What of a named tenant's `meta` is a record of how it came to be: no file says it, and no file
/// takes it away.
pub(crate) const RECORDS: [&str; 3] = ["tenant_name", "created_by", "created_at"];

/// The columns that provisioning generates, as they are called in a file.
pub(crate) const GENERATED: [&str; 3] = ["lms_configs", "studio_configs", "theming_configs"];

/// Something that is wrong with a file, or with what it asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, thiserror::Error)]
pub struct Wrong {
    /// Where: `tenants[3].platform_name`; empty for the file as a whole.
    pub path: String,
    /// What is wrong there, as a sentence.
    pub why: String,
}

impl Wrong {
    pub(crate) fn new(path: impl Display, why: impl Into<String>) -> Self {
        Self {
            path: path.to_string(),
            why: why.into(),
        }
    }
}

impl Display for Wrong {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(formatter, "{}: ", self.path)?;
        }
        formatter.write_str(&self.why)
    }
}

/// The tenants there are to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "TenantFile")]
pub struct File {
    /// One entry for each tenant; an empty list says that there are to be none.
    pub tenants: Vec<Entry>,
}

/// One tenant of a file.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "TenantEntry")]
pub enum Entry {
    /// By its name: what provisioning generates, and how this tenant differs from that.
    Named(Named),
    /// By its key: the columns as they are.
    Keyed(Keyed),
}

/// A tenant by its name: everything is laid over what provisioning generates for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "NamedTenant")]
pub struct Named {
    /// The name: a DNS label.
    pub name: String,
    /// What the tenant calls itself: 1 to 255 characters.
    #[schemars(length(min = 1, max = LONGEST_PLATFORM))]
    pub platform_name: String,
    /// The theme: 1 to 100 ASCII letters, digits, `_`, `-` and `.`. If absent, that of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = LONGEST_THEME))]
    pub theme_name: Option<String>,
    /// The short names of the organizations whose courses belong to the tenant, at most 100; one may
    /// stand without a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<OneOrMany>")]
    pub org_filter: Vec<String>,
    /// All domains the tenant answers under. If absent, those that provisioning generates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<String>")]
    pub domains: Option<Vec<String>>,
    /// The organizations linked to the tenant, if they are others than its filter names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<String>")]
    pub organizations: Option<Vec<String>>,
    /// Members taken out of what is generated, before anything is laid over it, as JSON pointers:
    /// `/lms_configs/LMS_ROOT_URL`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unset: Vec<String>,
    /// Laid over the LMS settings: objects member by member, everything else replaces.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub lms_configs: Object,
    /// Laid over the Studio settings, likewise.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub studio_configs: Object,
    /// Laid over the theming settings, likewise.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub theming_configs: Object,
    /// What is noted about the tenant, beside the record of who created it and when.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub meta: Object,
}

/// A tenant that was not provisioned by name: its columns as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "KeyedTenant")]
pub struct Keyed {
    /// The key: at most 63 characters.
    #[schemars(length(max = LONGEST_KEY))]
    pub external_key: String,
    /// The number of the tenant, where several have this key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64")]
    pub id: Option<i64>,
    /// All domains the tenant answers under.
    pub domains: Vec<String>,
    /// The organizations linked to the tenant, if they are others than `course_org_filter` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<String>")]
    pub organizations: Option<Vec<String>>,
    /// The LMS settings, complete.
    pub lms_configs: Object,
    /// The Studio settings, complete; none if absent.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub studio_configs: Object,
    /// The theming settings, complete; none if absent.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub theming_configs: Object,
    /// What is noted about the tenant, complete; nothing if absent.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub meta: Object,
}

/// How `org_filter` may be written.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "it is only the shape in the JSON Schema")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl File {
    /// Reads a file of YAML, of which JSON is a part.
    ///
    /// What is checked without looking at the tenants there are is checked here, and all of it is
    /// reported at once. A text that is no YAML, holds several documents, or grows through its aliases
    /// beyond all measure, is reported by that alone.
    pub fn read(settings: &Settings, text: &str) -> Result<Self, Vec<Wrong>> {
        let (value, wrong) = yaml::read(text).map_err(|wrong| vec![wrong])?;
        Self::of(settings, value, wrong)
    }

    /// Reads a file from a JSON document that is parsed already, as [`File::read`] does.
    pub fn from_value(settings: &Settings, value: Value) -> Result<Self, Vec<Wrong>> {
        Self::of(settings, value, Vec::new())
    }

    /// The file as YAML, which [`File::read`] reads back to the same file.
    ///
    /// A member called `<<`, and columns deeper than [`DEEPEST`](crate::DEEPEST), are written and not read back.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        write::yaml(self)
    }

    fn of(settings: &Settings, value: Value, mut wrong: Vec<Wrong>) -> Result<Self, Vec<Wrong>> {
        let entries = read::entries(value, &mut wrong);
        let readable = entries.iter().enumerate();
        let readable = readable.filter_map(|(index, entry)| Some((index, entry.as_ref()?)));
        let further = check(settings, readable);
        // A field that could not be read stands empty in its entry, which is no second mistake.
        let said: HashSet<String> = wrong.iter().map(|wrong| wrong.path.clone()).collect();
        wrong.extend(further.into_iter().filter(|new| !said.contains(&new.path)));
        if wrong.is_empty() {
            let tenants = entries.into_iter().flatten().collect();
            return Ok(Self { tenants });
        }
        Err(wrong)
    }
}

#[cfg(test)]
mod tests;
