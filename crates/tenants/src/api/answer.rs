//! The envelope of this API: `{"status", "code", "message"}` for whatever is refused.

use http::StatusCode;
use provost_drf::{Flag, Invalid, Problem, query_pairs};
use provost_store::Db;
use provost_store::Fault;
use provost_store::tenants::configs::{self, Config};
use provost_tenancy::Settings;
use serde_json::json;

/// A refusal in the envelope.
pub(super) fn refused(status: StatusCode, code: &str, message: &str) -> Problem {
    let body = json!({"status": "error", "code": code, "message": message});
    Problem::body(status, body)
}

/// 400: field errors in the envelope.
pub(super) fn invalid(errors: &Invalid) -> Problem {
    let body = json!({
        "status": "error",
        "code": "invalid_request",
        "message": "Invalid request.",
        "errors": errors,
    });
    Problem::body(StatusCode::BAD_REQUEST, body)
}

/// What was read of a request, its field errors in the envelope.
pub(super) fn checked<T>(read: Result<T, Problem>) -> Result<T, Problem> {
    read.map_err(|problem| match problem {
        Problem::Invalid(errors) => invalid(&errors),
        other => other,
    })
}

/// A switch in a query: on or off, said once. What is misspelt, blank or contradicts itself is refused
/// rather than passed over, since the default does more than what was meant.
pub(super) fn switch(query: Option<&str>, name: &'static str) -> Result<bool, Problem> {
    let mut found = None;
    for (sent, value) in query_pairs(query.unwrap_or_default()) {
        if sent != name {
            return Err(invalid(&Invalid::field(
                sent,
                "There is no such parameter.",
            )));
        }
        let flag = Flag::word(&value).filter(|flag| found.is_none_or(|found| found == flag.0));
        let flag =
            flag.ok_or_else(|| invalid(&Invalid::field(name, "Must be a valid boolean.")))?;
        found = Some(flag.0);
    }
    Ok(found.unwrap_or_default())
}

/// What a fault of the store is to a client: what cannot be helped by trying again is in the
/// envelope.
pub(super) fn fault(fault: Fault) -> Problem {
    match provost_app::Error::from(fault).0 {
        Problem::Internal => refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "Internal server error.",
        ),
        other => other,
    }
}

/// The text of a refusal, for the audit log.
pub(crate) fn message(problem: &Problem) -> String {
    match problem {
        Problem::Detail { text, .. } | Problem::Message { text, .. } => text.to_string(),
        Problem::Body { body, .. } => body
            .get("message")
            .and_then(|message| message.as_str())
            .unwrap_or_default()
            .to_owned(),
        Problem::Invalid(_) => "Invalid request.".to_owned(),
        Problem::Throttled { .. } | Problem::Internal => "Internal server error.".to_owned(),
    }
}

/// 404: there is no such tenant.
fn unknown(name: &str) -> Problem {
    let text = format!("Tenant '{name}' not found.");
    refused(StatusCode::NOT_FOUND, "tenant_not_found", &text)
}

/// The tenant that a path names: by the key that its name gives, or the domain, or the key itself.
///
/// # Errors
/// 404, or 409 where several have the key.
pub(super) async fn named(db: &Db, settings: &Settings, name: &str) -> Result<Config, Problem> {
    let derived = format!("{name}.{}", settings.base_domain);
    if let Some(config) = keyed(db, name, &derived).await? {
        return Ok(config);
    }
    let routed = configs::by_domain(db, &derived).await.map_err(fault)?;
    if let Some(config) = routed {
        return Ok(config);
    }
    keyed(db, name, name).await?.ok_or_else(|| unknown(name))
}

async fn keyed(db: &Db, name: &str, key: &str) -> Result<Option<Config>, Problem> {
    let mut found = configs::by_key(db, key).await.map_err(fault)?.into_iter();
    let first = found.next();
    if found.next().is_some() {
        let text = format!("Several tenants have the key that '{name}' means.");
        return Err(refused(StatusCode::CONFLICT, "ambiguous_tenant", &text));
    }
    Ok(first)
}
