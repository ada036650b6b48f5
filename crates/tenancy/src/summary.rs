//! What a list shows of a tenant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a list shows of a tenant beside its name and its domains, read from its columns. Values
/// are shown as they are kept, whatever they are; `null` stands for what is not there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Summary {
    /// The name of its platform.
    pub platform_name: Value,
    /// The name of its theme.
    pub theme_name: Value,
    /// The organizations whose courses it shows. A filter that is one text is a list of one; what
    /// is neither list nor text is no filter.
    pub org_filter: Vec<Value>,
    /// The URL of its LMS.
    pub lms_url: Value,
    /// The URL where its users sign in.
    pub authn_url: Value,
    /// The URL of its learners' dashboard.
    pub learner_dashboard_url: Value,
    /// Who made it.
    pub created_by: Value,
    /// When it was made.
    pub created_at: Value,
}

impl Summary {
    /// Reads what a list shows from the settings of an LMS, those of a theme, and the facts on record.
    #[must_use]
    pub fn of(
        lms_configs: &Map<String, Value>,
        theming_configs: &Map<String, Value>,
        meta: &Map<String, Value>,
    ) -> Self {
        let lms = |member: &str| lms_configs.get(member).cloned().unwrap_or_default();
        let fact = |member: &str| meta.get(member).cloned().unwrap_or_default();
        let theme_name = lms_configs.get("THEME_NAME");
        let theme_name = theme_name.or_else(|| theming_configs.get("THEME_NAME"));
        Self {
            platform_name: lms("PLATFORM_NAME"),
            theme_name: theme_name.cloned().unwrap_or_default(),
            org_filter: match lms("course_org_filter") {
                Value::Array(names) => names,
                Value::String(name) => vec![name.into()],
                _ => Vec::new(),
            },
            lms_url: lms("LMS_BASE_URL"),
            authn_url: lms("AUTHN_MICROFRONTEND_URL"),
            learner_dashboard_url: lms("LEARNER_HOME_MICROFRONTEND_URL"),
            created_by: fact("created_by"),
            created_at: fact("created_at"),
        }
    }
}

/// What a tenant is called: as it was when it was provisioned, or else by its key, without the
/// base domain if that is where the tenant is.
#[must_use]
pub fn tenant_name(meta: &Map<String, Value>, external_key: &str, base_domain: &str) -> String {
    let provisioned = meta.get("tenant_name").and_then(Value::as_str);
    let name = provisioned.or_else(|| {
        let name = external_key.strip_suffix(base_domain)?.strip_suffix('.')?;
        (!name.is_empty()).then_some(name)
    });
    name.unwrap_or(external_key).to_owned()
}
