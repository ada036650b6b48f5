//! The objects of eox-tenant's API, as they are read and as they are written.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// A tenant's configuration as it is written. It is read from any object that has its members, e.g. from one of our
/// own API or change log; what else stands there (`id`, `organizations`) is passed over.
///
/// Organizations are not written: they are ids of the LMS, which has no list of them, and it derives them itself from
/// `course_org_filter`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ConfigBody {
    /// What the LMS takes over for requests to the tenant.
    pub lms_configs: Map<String, Value>,
    /// What Studio takes over.
    pub studio_configs: Map<String, Value>,
    /// Kept by the LMS for themes.
    pub theming_configs: Map<String, Value>,
    /// Kept by the LMS for whoever made the tenant.
    pub meta: Map<String, Value>,
    /// The key, at most 63 characters; several tenants may have the same.
    pub external_key: String,
}

/// A tenant's configuration in the LMS. A column that is `null` there is read as empty.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RemoteConfig {
    /// The id in the LMS.
    pub id: i64,
    /// What the LMS takes over for requests to the tenant.
    #[serde(default, deserialize_with = "or_empty")]
    pub lms_configs: Map<String, Value>,
    /// What Studio takes over.
    #[serde(default, deserialize_with = "or_empty")]
    pub studio_configs: Map<String, Value>,
    /// Kept by the LMS for themes.
    #[serde(default, deserialize_with = "or_empty")]
    pub theming_configs: Map<String, Value>,
    /// Kept by the LMS for whoever made the tenant.
    #[serde(default, deserialize_with = "or_empty")]
    pub meta: Map<String, Value>,
    /// The key; several tenants may have the same.
    pub external_key: String,
    /// Ids of organizations in the LMS.
    #[serde(default)]
    pub organizations: Vec<i64>,
}

/// A host name that belongs to a tenant in the LMS.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RemoteRoute {
    /// The id in the LMS.
    pub id: i64,
    /// The host name, unique there.
    pub domain: String,
    /// The id of the tenant's configuration in the LMS.
    pub config: i64,
}

/// A microsite as it is written; it is read as [`ConfigBody`] is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MicrositeBody {
    /// Any JSON but `null`; an object as a rule.
    pub values: Value,
    /// The key, at most 63 characters.
    pub key: String,
    /// The host name, at most 127 characters.
    pub subdomain: String,
}

/// A microsite in the LMS.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RemoteMicrosite {
    /// The id in the LMS.
    pub id: i64,
    /// What the LMS takes over for requests to the microsite.
    #[serde(default)]
    pub values: Value,
    /// The key; several microsites may have the same.
    pub key: String,
    /// The host name.
    pub subdomain: String,
    /// Ids of organizations in the LMS.
    #[serde(default)]
    pub organizations: Vec<i64>,
}

/// A route as it is written.
#[derive(Debug, Serialize)]
pub(super) struct RouteBody<'a> {
    pub(super) domain: &'a str,
    pub(super) config: i64,
}

/// Of what a write answers, only this is looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Written {
    pub(super) id: i64,
}

fn or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_config_is_read_with_and_without_columns_that_are_null() {
        let text = r#"{"id":9,"lms_configs":{"B":1},"studio_configs":null,"meta":{},"external_key":"one"}"#;
        let remote: RemoteConfig = serde_json::from_str(text).unwrap();
        assert_eq!(remote.lms_configs, *json!({"B": 1}).as_object().unwrap());
        let empty = [remote.studio_configs, remote.theming_configs, remote.meta];
        assert!(empty.iter().all(Map::is_empty) && remote.organizations.is_empty());
    }

    #[test]
    fn what_is_written_has_no_ids() {
        let body = ConfigBody::default();
        let written = serde_json::to_value(&body).unwrap();
        let names: Vec<_> = written.as_object().unwrap().keys().cloned().collect();
        let all = [
            "lms_configs",
            "studio_configs",
            "theming_configs",
            "meta",
            "external_key",
        ];
        assert_eq!(names, all);
    }
}
