//! What a request for a tenant says, field by field.

use std::collections::HashSet;

use deserr::{Deserr, IntoValue, ValuePointerRef};
use provost_drf::{Batch, Invalid, Payload};
use provost_tenancy::names::{
    self, LONGEST_ORGANIZATION, LONGEST_PLATFORM, LONGEST_THEME, MOST_ORGANIZATIONS, TenantName,
};
use provost_tenancy::{DEEPEST, Settings, is_deeper};
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

/// The members that count; others are ignored.
const MEMBERS: [&str; 4] = ["tenant_name", "platform_name", "theme_name", "org_filter"];

/// The body of making a tenant.
#[derive(JsonSchema)]
#[schemars(rename = "TenantCreate")]
#[expect(
    dead_code,
    reason = "what the document says; each field is read by its own rules"
)]
pub struct Create {
    /// A DNS label: lower-case letters, digits and hyphens.
    tenant_name: String,
    /// What the site calls itself: 1 to 255 characters.
    platform_name: String,
    /// The theme; without it, that of the settings.
    theme_name: Option<String>,
    /// Short names of the organizations whose courses the site shows, at most 100; or one of them.
    org_filter: Option<OneOrMany>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "what the document says")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// A tenant that may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) tenant_name: TenantName,
    pub(super) platform_name: String,
    pub(super) theme_name: String,
    pub(super) organizations: Vec<String>,
}

/// The members that count, as they were sent; without those that are nested so deep that nobody could read
/// them again.
pub(super) fn members(payload: &Payload) -> Map<String, Value> {
    let member = |name: &str| {
        if payload.is_form() && name == "org_filter" {
            let list = payload.list(name);
            return (!list.is_empty()).then(|| list.into());
        }
        let sent = payload.get(name)?;
        (!is_deeper(sent, DEEPEST)).then(|| sent.clone())
    };
    let found = MEMBERS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), member(name)?)));
    found.collect()
}

/// Reads the members; all field errors at once, of each field the first.
pub(super) fn read(payload: &Payload, settings: &Settings) -> Result<Wanted, Invalid> {
    if !payload.as_value().is_object() {
        return Err(Invalid::not_a_dictionary(payload.as_value()));
    }
    let members = members(payload);
    let read = (
        tenant_name(&members, settings),
        platform_name(&members),
        theme_name(&members, settings),
        organizations(members.get("org_filter")),
    );
    match read {
        (Ok(tenant_name), Ok(platform_name), Ok(theme_name), Ok(organizations)) => Ok(Wanted {
            tenant_name,
            platform_name,
            theme_name,
            organizations,
        }),
        (name, platform, theme, organizations) => {
            let found = [name.err(), platform.err(), theme.err(), organizations.err()];
            let all = found.into_iter().flatten().reduce(|mut all, next| {
                all.extend(next);
                all
            });
            Err(all.unwrap_or_else(|| Invalid::non_field("Invalid data.")))
        }
    }
}

const REQUIRED: &str = "This field is required.";
const NULL: &str = "This field may not be null.";
const BLANK: &str = "This field may not be blank.";
const NOT_TEXT: &str = "Not a valid string.";
const THEME: &str = "Enter a valid theme name: ASCII letters, digits, \"_\", \"-\" and \".\", not starting with a dot.";
const ORGANIZATION: &str =
    "Enter a valid organization short name: ASCII letters, digits, \".\", \"_\" and \"-\".";
const NULL_CHARACTERS: &str = "Null characters are not allowed.";

fn too_long(most: usize) -> String {
    format!("Ensure this field has no more than {most} characters.")
}

/// A text that is one: nothing is made a text here that was sent as something else.
fn text(value: &Value) -> Result<&str, &'static str> {
    match value {
        Value::String(text) if text.is_empty() => Err(BLANK),
        Value::String(text) => Ok(text),
        Value::Null => Err(NULL),
        _ => Err(NOT_TEXT),
    }
}

fn required<'a>(members: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, Invalid> {
    let value = members.get(name).ok_or(REQUIRED);
    value
        .and_then(text)
        .map_err(|sentence| Invalid::field(name, sentence))
}

fn tenant_name(members: &Map<String, Value>, settings: &Settings) -> Result<TenantName, Invalid> {
    const NAME: &str = "tenant_name";
    let text = required(members, NAME)?;
    TenantName::parse(text, settings).map_err(|error| Invalid::field(NAME, error.to_string()))
}

fn platform_name(members: &Map<String, Value>) -> Result<String, Invalid> {
    const NAME: &str = "platform_name";
    let text = provost_keys::text::trim(required(members, NAME)?);
    if text.is_empty() {
        return Err(Invalid::field(NAME, BLANK));
    }
    if text.contains('\0') {
        return Err(Invalid::field(NAME, NULL_CHARACTERS));
    }
    if text.chars().count() > LONGEST_PLATFORM {
        return Err(Invalid::field(NAME, too_long(LONGEST_PLATFORM)));
    }
    Ok(text.to_owned())
}

fn theme_name(members: &Map<String, Value>, settings: &Settings) -> Result<String, Invalid> {
    const NAME: &str = "theme_name";
    if !members.contains_key(NAME) {
        return Ok(settings.default_theme.clone());
    }
    let text = required(members, NAME)?;
    if text.chars().count() > LONGEST_THEME {
        return Err(Invalid::field(NAME, too_long(LONGEST_THEME)));
    }
    if names::is_theme(text) {
        Ok(text.to_owned())
    } else {
        Err(Invalid::field(NAME, THEME))
    }
}

/// The short name of an organization.
struct ShortName(String);

impl ShortName {
    fn read(value: &Value) -> Result<Self, String> {
        let text = text(value)?;
        if text.chars().count() > LONGEST_ORGANIZATION {
            return Err(too_long(LONGEST_ORGANIZATION));
        }
        if names::is_organization(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ORGANIZATION.to_owned())
        }
    }
}

impl Deserr<Invalid> for ShortName {
    fn deserialize_from_value<V: IntoValue>(
        value: deserr::Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        Self::read(&Value::from(value)).map_err(|sentence| Invalid::at(location, sentence))
    }
}

#[derive(Deserr)]
#[deserr(error = Invalid)]
struct Listed {
    org_filter: Batch<ShortName, MOST_ORGANIZATIONS>,
}

/// The organizations, each once, in the order of their first mention.
fn organizations(sent: Option<&Value>) -> Result<Vec<String>, Invalid> {
    let named = match sent {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(one @ Value::String(_)) => {
            let name = ShortName::read(one);
            vec![name.map_err(|sentence| Invalid::field("org_filter", sentence))?]
        }
        Some(other) => {
            let listed = json!({"org_filter": other});
            deserr::deserialize::<Listed, Value, Invalid>(listed)?
                .org_filter
                .0
        }
    };
    let mut seen = HashSet::new();
    let each = named.into_iter().map(|ShortName(name)| name);
    Ok(each.filter(|name| seen.insert(name.clone())).collect())
}
