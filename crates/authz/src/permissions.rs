//! `permissions/validate/me`: may the caller do this, there?

use axum::extract::State;
use deserr::Deserr;
use http::StatusCode;
use provost_app::{Answer, App};
use provost_drf::{Body, Caller, Invalid, Items, Json, Optional, Problem};
use provost_keys::scope::ScopeKey;
use provost_keys::stored;
use schemars::JsonSchema;
use serde::Serialize;

use crate::fields::Name;

/// One question.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Question {
    /// Name of an action; an unknown one is nobody's but staff's.
    action: Name,
    /// Key of a scope, which need not exist; without it the question is "in any scope?".
    #[deserr(default)]
    scope: Optional<Name>,
}

/// One answer.
#[derive(Serialize, JsonSchema)]
pub struct Verdict {
    action: Name,
    /// The scope, where the question has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Name>,
    allowed: bool,
}

/// Answer each question, in order.
pub async fn validate_me(
    State(app): State<App>,
    caller: Caller,
    Body(questions): Body<Items<Question>>,
) -> Answer<Json<Vec<Verdict>>> {
    let subject = stored::user(&caller.username);
    let policy = app.policy();
    let verdicts = questions
        .into_iter()
        .map(|Question { action, scope }| {
            let wanted = stored::action(&action);
            let scope = scope.0;
            let allowed = match &scope {
                Some(scope) => {
                    let scope = ScopeKey::parse(scope).map_err(|_| invalid_scope())?;
                    let scope = scope.stored();
                    policy.decide(&subject, &wanted, &scope).allowed
                }
                None => policy.is_staff(&subject) || policy.holds_anywhere(&subject, &wanted),
            };
            Ok(Verdict {
                action,
                scope,
                allowed,
            })
        })
        .collect::<Result<_, Problem>>()?;
    Ok(Json(verdicts))
}

fn invalid_scope() -> Problem {
    Problem::message(StatusCode::BAD_REQUEST, "Invalid scope format")
}
