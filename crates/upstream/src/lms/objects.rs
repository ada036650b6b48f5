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

impl RemoteConfig {
    /// Whether writing `body` would change nothing, the order of members apart.
    #[must_use]
    pub fn holds(&self, body: &ConfigBody) -> bool {
        self.external_key == body.external_key
            && self.lms_configs == body.lms_configs
            && self.studio_configs == body.studio_configs
            && self.theming_configs == body.theming_configs
            && self.meta == body.meta
    }
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

impl RemoteMicrosite {
    /// Whether writing `body` would change nothing, the order of members apart.
    #[must_use]
    pub fn holds(&self, body: &MicrositeBody) -> bool {
        self.key == body.key && self.subdomain == body.subdomain && self.values == body.values
    }
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
    fn a_config_holds_what_was_written_to_it_in_any_order() {
        let facts = json!({
            "id": 3, "lms_configs": {"A": 1, "B": {"c": 2, "d": 3}}, "studio_configs": {}, "theming_configs": {},
            "meta": {}, "external_key": "one", "organizations": [1],
        });
        let body = ConfigBody::deserialize(&facts).unwrap();
        let remote = |text: &str| serde_json::from_str::<RemoteConfig>(text).unwrap();
        let same = r#"{"id":9,"lms_configs":{"B":{"d":3,"c":2},"A":1},"studio_configs":null,"meta":{},"external_key":"one"}"#;
        assert!(remote(same).holds(&body));
        for other in [
            same.replace(r#""A":1"#, r#""A":2"#),
            same.replace(r#""meta":{}"#, r#""meta":{"x":null}"#),
            same.replace(r#""one""#, r#""two""#),
        ] {
            assert!(!remote(&other).holds(&body), "{other}");
        }
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
