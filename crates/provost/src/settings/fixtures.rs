//! `[fixtures]`: how a platform names its models in Django fixtures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Wrong;

/// How a platform names its models in Django fixtures. Both directions use these names; the default is the platform's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Fixtures {
    /// The label of the user profile model, `app.model`.
    pub profile_model: String,
    /// The app of the model `courseoverview`.
    pub course_app: String,
    /// The app of the model `contentlibrary`, and of its learning package where it is not the platform's.
    pub library_app: String,
    /// The model that says who belongs to which organization: `organizations.userorganizationmapping`, or
    /// `tahoe_sites.userorganizationmapping`. Both are imported; this one is exported.
    pub organization_member_model: String,
}

impl Default for Fixtures {
    fn default() -> Self {
        Self {
            profile_model: "student.userprofile".to_owned(),
            course_app: "course_overviews".to_owned(),
            library_app: "content_libraries".to_owned(),
            organization_member_model: MEMBER_MODELS[0].to_owned(),
        }
    }
}

impl Fixtures {
    pub(super) fn validate(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        if !self
            .profile_model
            .split_once('.')
            .is_some_and(|(app, model)| is_name(app) && is_name(model))
        {
            wrong.push(Wrong::new(
                "fixtures.profile_model",
                "must be a label such as `app.model`, in lower case",
            ));
        }
        for (key, app) in [
            ("fixtures.course_app", &self.course_app),
            ("fixtures.library_app", &self.library_app),
        ] {
            if !is_name(app) {
                wrong.push(Wrong::new(
                    key,
                    "must be the name of a Django app, in lower case",
                ));
            }
        }
        if !MEMBER_MODELS.contains(&self.organization_member_model.as_str()) {
            wrong.push(Wrong::new(
                "fixtures.organization_member_model",
                format!("must be {}", MEMBER_MODELS.join(" or ")),
            ));
        }
        wrong
    }
}

const MEMBER_MODELS: [&str; 2] = [
    "organizations.userorganizationmapping",
    "tahoe_sites.userorganizationmapping",
];

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
