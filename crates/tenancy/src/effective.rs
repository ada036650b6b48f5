//! The settings that a tenant has in effect.

use serde_json::{Map, Value, json};

use crate::names::{LONGEST_ORGANIZATION, MOST_FILTERED};

/// The setting without which nothing of a configuration counts.
const SWITCH: &str = "EDNX_USE_SIGNAL";

/// Whether a configuration counts: the switch that it holds must be true as Python has it.
#[must_use]
pub fn applies(own: &Map<String, Value>) -> bool {
    own.get(SWITCH).is_some_and(is_truthy)
}

/// Whether a value is true as Python has it: all are but null, false, zero, and what is empty.
#[must_use]
pub fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        // An integer beyond 64 bits is kept as a float, and is not zero.
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// Lays settings over defaults. An object is laid over a default that is an object, member by
/// member and no deeper; everything else, `null` and lists included, replaces the default.
/// Members keep the place that they have in the defaults; new ones follow in their own order.
#[must_use]
pub fn merge(mut defaults: Map<String, Value>, own: Map<String, Value>) -> Map<String, Value> {
    for (member, value) in own {
        match (defaults.get_mut(&member), value) {
            (Some(Value::Object(default)), Value::Object(value)) => default.extend(value),
            (Some(default), value) => *default = value,
            (None, value) => {
                defaults.insert(member, value);
            }
        }
    }
    defaults
}

/// Why a filter of organizations cannot be followed, in the words that a client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAFilter {
    /// It is neither a text nor a list of texts.
    #[error("course_org_filter must be a string or a list of strings.")]
    Shape,
    /// A name is longer than an organization's may be.
    #[error("course_org_filter must hold names of at most {LONGEST_ORGANIZATION} characters.")]
    Long,
    /// It names more organizations than anybody has.
    #[error("course_org_filter must name at most {MOST_FILTERED} organizations.")]
    Many,
    /// A name holds a character that no database keeps.
    #[error("course_org_filter must not hold null characters.")]
    NullCharacter,
}

/// The organizations whose courses belong to a tenant, each once, in the order in which
/// `course_org_filter` names them. One text is one name; no filter, `null` and an empty text are none.
pub fn organization_filter(own: &Map<String, Value>) -> Result<Vec<String>, NotAFilter> {
    let mut names = Vec::new();
    match own.get("course_org_filter") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) => names.push(name.as_str()),
        Some(Value::Array(values)) => {
            for value in values {
                names.push(value.as_str().ok_or(NotAFilter::Shape)?);
            }
        }
        Some(_) => return Err(NotAFilter::Shape),
    }
    let mut seen = std::collections::HashSet::with_hasher(foldhash::fast::RandomState::default());
    names.retain(|name| !name.is_empty() && seen.insert(*name));
    if names.len() > MOST_FILTERED {
        return Err(NotAFilter::Many);
    }
    names.into_iter().map(organization).collect()
}

fn organization(name: &str) -> Result<String, NotAFilter> {
    if name.contains('\0') {
        return Err(NotAFilter::NullCharacter);
    }
    if name.chars().count() > LONGEST_ORGANIZATION {
        return Err(NotAFilter::Long);
    }
    Ok(name.to_owned())
}

/// The settings that [`mfe_body`] reads.
const READ_BY_FRONT_ENDS: [&str; 9] = [
    "ENABLE_COURSE_SORTING_BY_START_DATE",
    "homepage_promo_video_youtube_id",
    "HOMEPAGE_COURSE_MAX",
    "course_about_twitter_account",
    "PLATFORM_TWITTER_ACCOUNT",
    "COURSES_ARE_BROWSABLE",
    "ENABLE_COURSE_DISCOVERY",
    "MFE_CONFIG",
    OVERRIDES,
];

/// The setting that holds what single front ends are told instead.
const OVERRIDES: &str = "MFE_CONFIG_OVERRIDES";

/// Of some settings those that [`mfe_body`] reads.
pub(crate) fn read_by_front_ends(own: &Map<String, Value>) -> Map<String, Value> {
    READ_BY_FRONT_ENDS
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), own.get(name)?.clone())))
        .collect()
}

/// What a front end is told under the settings in effect: six settings that older front ends read,
/// `MFE_CONFIG` over them, and over both what is said for this front end alone. A configuration
/// that is no object adds nothing. `mfe` is the front end's name; empty: none in particular.
#[must_use]
pub fn mfe_body(effective: &Map<String, Value>, mfe: &str) -> Map<String, Value> {
    let mut body = legacy(effective);
    if let Some(Value::Object(told)) = effective.get("MFE_CONFIG") {
        body.extend(told.clone());
    }
    if let Some(told) = overrides(effective, mfe) {
        body.extend(told.clone());
    }
    body
}

/// What is said for one front end alone.
fn overrides<'a>(effective: &'a Map<String, Value>, mfe: &str) -> Option<&'a Map<String, Value>> {
    if mfe.is_empty() {
        return None;
    }
    effective.get(OVERRIDES)?.get(mfe)?.as_object()
}

/// The front ends for which something is said alone.
pub(crate) fn overridden(effective: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let apps = effective.get(OVERRIDES).and_then(Value::as_object);
    apps.into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
        .filter(|app| overrides(effective, app).is_some_and(|told| !told.is_empty()))
}

fn legacy(effective: &Map<String, Value>) -> Map<String, Value> {
    let setting = |name: &str, default: Value| effective.get(name).cloned().unwrap_or(default);
    let twitter = setting(
        "PLATFORM_TWITTER_ACCOUNT",
        json!("@YourPlatformTwitterAccount"),
    );
    let browsable = setting("COURSES_ARE_BROWSABLE", json!(true));
    let members = [
        (
            "ENABLE_COURSE_SORTING_BY_START_DATE",
            setting("ENABLE_COURSE_SORTING_BY_START_DATE", json!(true)),
        ),
        (
            "HOMEPAGE_PROMO_VIDEO_YOUTUBE_ID",
            setting("homepage_promo_video_youtube_id", Value::Null),
        ),
        (
            "HOMEPAGE_COURSE_MAX",
            setting("HOMEPAGE_COURSE_MAX", Value::Null),
        ),
        (
            "COURSE_ABOUT_TWITTER_ACCOUNT",
            setting("course_about_twitter_account", twitter),
        ),
        ("NON_BROWSABLE_COURSES", json!(!is_truthy(&browsable))),
        (
            "ENABLE_COURSE_DISCOVERY",
            setting("ENABLE_COURSE_DISCOVERY", json!(false)),
        ),
    ];
    members
        .into_iter()
        .map(|(member, value)| (member.to_owned(), value))
        .collect()
}
