//! What is refused, and how a client is told: the numbered errors of the API.

use http::StatusCode;
use provost_app::Error;
use provost_drf::Problem;
use schemars::JsonSchema;
use serde::Serialize;

/// A numbered error. Those from 1001 on are provost's own, beyond the numbers of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// There is an object with that identifier.
    AlreadyExists = 11,
    /// The caller may not use the parameter.
    UnauthorizedParameter = 58,
    /// The caller may use no backend that fits.
    NoBackend = 61,
    /// A parameter is required and was not given.
    Missing = 1001,
    /// A parameter has a wrong type, length or value.
    Invalid = 1002,
    /// A parameter may not be given, and says something else than what is on record.
    Forbidden = 1003,
    /// A tenant has groups.
    TenantNotEmpty = 1004,
    /// There is no such reseller.
    ResellerNotFound = 1005,
    /// There is no such domain where it is needed.
    DomainNotFound = 1006,
    /// A domain is somebody's default, or still assigned.
    DomainInUse = 1007,
    /// There is no such template.
    TemplateNotFound = 1008,
    /// An action of a template failed.
    TemplateActionFailed = 1009,
    /// Something still refers to the object.
    ObjectInUse = 1010,
}

impl Code {
    /// Every error, by number.
    pub const ALL: [Self; 13] = [
        Self::AlreadyExists,
        Self::UnauthorizedParameter,
        Self::NoBackend,
        Self::Missing,
        Self::Invalid,
        Self::Forbidden,
        Self::TenantNotEmpty,
        Self::ResellerNotFound,
        Self::DomainNotFound,
        Self::DomainInUse,
        Self::TemplateNotFound,
        Self::TemplateActionFailed,
        Self::ObjectInUse,
    ];

    /// The number.
    #[must_use]
    pub fn number(self) -> u16 {
        self as u16
    }

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::UnauthorizedParameter => "UNAUTHORIZED_PARAMETER_FOR_USER_LEVEL",
            Self::NoBackend => "NO_BACKEND_AVAILABLE",
            Self::Missing => "MISSING_PARAMETER",
            Self::Invalid => "INVALID_PARAMETER",
            Self::Forbidden => "FORBIDDEN_PARAMETER",
            Self::TenantNotEmpty => "TENANT_NOT_EMPTY",
            Self::ResellerNotFound => "RESELLER_NOT_FOUND",
            Self::DomainNotFound => "DOMAIN_NOT_FOUND",
            Self::DomainInUse => "DOMAIN_IN_USE",
            Self::TemplateNotFound => "TEMPLATE_NOT_FOUND",
            Self::TemplateActionFailed => "TEMPLATE_ACTION_FAILED",
            Self::ObjectInUse => "OBJECT_IN_USE",
        }
    }
}

/// One thing that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    code: Code,
    parameter: Option<String>,
    reason: String,
    /// What went wrong inside, a sentence each.
    inner: Vec<String>,
}

impl Refusal {
    /// Something is refused for this reason, a whole sentence without its full stop.
    pub(crate) fn new(code: Code, reason: impl Into<String>) -> Self {
        Self {
            code,
            parameter: None,
            reason: reason.into(),
            inner: Vec::new(),
        }
    }

    /// The same, because of a parameter.
    pub(crate) fn of(code: Code, parameter: &str, reason: impl Into<String>) -> Self {
        Self {
            parameter: Some(parameter.to_owned()),
            ..Self::new(code, reason)
        }
    }

    /// A parameter is required.
    pub(crate) fn missing(parameter: &str) -> Self {
        let reason = format!("Parameter '{parameter}' is required");
        Self::of(Code::Missing, parameter, reason)
    }

    /// The caller may not use a parameter.
    pub(crate) fn unauthorized(parameter: &str) -> Self {
        let reason = format!("Parameter '{parameter}' is not allowed for this user");
        Self::of(Code::UnauthorizedParameter, parameter, reason)
    }

    /// No backend fits.
    pub(crate) fn no_backend() -> Self {
        Self::new(Code::NoBackend, "No backend is available for this user")
    }

    /// The same, caused by what went wrong inside.
    pub(crate) fn because(mut self, inner: Vec<String>) -> Self {
        self.inner = inner;
        self
    }

    /// Because of which parameter.
    pub(crate) fn parameter(&self) -> Option<&str> {
        self.parameter.as_deref()
    }

    fn numbered(&self) -> Numbered {
        let inner = self.inner.iter().cloned();
        let errors: Vec<Summary> = inner.map(|summary| Summary { summary }).collect();
        Numbered {
            code: self.code.number(),
            name: self.code.name(),
            message: self.reason.clone(),
            details: Why {
                reason: self.reason.clone(),
                parameter: self.parameter.clone(),
                errors: (!errors.is_empty()).then_some(errors),
            },
        }
    }
}

/// All that is wrong with a request.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProfileErrors")]
pub(crate) struct Errors {
    errors: Vec<Numbered>,
}

/// One thing that is wrong.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProfileError")]
struct Numbered {
    /// The number.
    code: u16,
    /// The name of the number.
    name: &'static str,
    /// Why.
    message: String,
    details: Why,
}

/// Why something is wrong.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProfileErrorDetails")]
struct Why {
    /// Why.
    reason: String,
    /// Because of which parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// What went wrong inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<Summary>>,
}

/// One thing that went wrong inside.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProfileErrorSummary")]
struct Summary {
    summary: String,
}

/// 400 with all that is refused.
pub(crate) fn refused(refusals: &[Refusal]) -> Problem {
    let errors = refusals.iter().map(Refusal::numbered).collect();
    match serde_json::to_value(Errors { errors }) {
        Ok(body) => Problem::body(StatusCode::BAD_REQUEST, body),
        Err(cause) => Problem::internal(cause),
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refused(&[refusal]).into()
    }
}

/// Goes on where nothing is refused.
pub(crate) fn none(refusals: &[Refusal]) -> Result<(), Error> {
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refused(refusals).into())
    }
}

/// 404: there is no `thing` of this name.
pub(crate) fn not_found(thing: &str, name: &str) -> Problem {
    Problem::not_found_because(format!("{thing} '{name}' not found."))
}
