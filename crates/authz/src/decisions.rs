//! Questions to the policy about anybody: may they, why, where, and who may.
//!
//! Every answer comes from the policy in memory and names its revision.

mod explanation;
mod fields;
mod patterns;

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App, Staff, may_ask_about};
use provost_drf::{
    Batch, Body, Caller, Dialect, Family, Invalid, Json, Keyset, KeysetPage, Maybe, Permitted,
    Query, Scheme, View,
};
use provost_keys::stored;
use provost_policy::{Engine, Holder};
use schemars::JsonSchema;
use serde::Serialize;

use crate::fields::Name;
use explanation::Explained;
use fields::{Reason, Scope};
use patterns::ScopeRule;

/// Pages of a hundred, a thousand at most.
type Keys = Keyset<100, 1000>;

/// The route table of the decisions.
///
/// What a request says of itself counts before the session that a browser adds.
#[must_use]
pub fn decisions() -> Family<App> {
    Family::at(
        "/api/provost/v1/authz/",
        "Decisions",
        "Who may do what, where, and why",
    )
    .schemes(&[Scheme::Jwt, Scheme::Bearer, Scheme::Basic, Scheme::Session])
    .dialect(Dialect::Problems)
    .active_only()
    .view(
        "check",
        View::new().post(check, "May they do these things, there?"),
    )
    .view(
        "explain",
        View::new().post(explain, "Why may they, or why not?"),
    )
    .view(
        "list-scopes",
        View::new().get(list_scopes, "Where may somebody do this?"),
    )
    .view(
        "list-subjects",
        View::new().get(list_subjects, "Who may do this, there?"),
    )
}

/// One question of a batch.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Check {
    /// A username; one that nobody has is a subject without assignments.
    subject: Name,
    /// Name of an action; an unknown one is nobody's but staff's.
    action: Name,
    /// Key of a scope, which need not exist; without it the question is "in any scope?".
    #[deserr(default)]
    scope: Maybe<Scope>,
}

/// The body of a batch.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Checks {
    /// A thousand questions at most.
    checks: Batch<Check, 1000>,
}

/// The answer to one question.
#[derive(Serialize, JsonSchema)]
pub struct Checked {
    subject: Name,
    action: Name,
    /// The scope as it was asked, or null.
    scope: Option<Scope>,
    allowed: bool,
    reason: Reason,
}

/// The answers of a batch.
#[derive(Serialize, JsonSchema)]
pub struct CheckedBatch {
    /// The revision of the policy that gave all of them.
    revision: u64,
    /// One for each question, in their order.
    results: Vec<Checked>,
}

/// Answer every question, or none: who may not ask about one of the subjects gets no answer.
pub async fn check(
    State(app): State<App>,
    caller: Caller,
    Body(ask): Body<Checks>,
) -> Answer<Json<CheckedBatch>> {
    let checks = ask.checks.0;
    may_ask_about(
        &app,
        &caller,
        checks.iter().map(|check| check.subject.as_str()),
    )?;
    let policy = app.policy();
    let answers = checks.into_iter().map(|check| answer(&policy, check));
    Ok(Json(CheckedBatch {
        revision: policy.revision(),
        results: answers.collect(),
    }))
}

fn answer(policy: &Engine, check: Check) -> Checked {
    let subject = stored::user(&check.subject);
    let action = stored::action(&check.action);
    let scope = check.scope.value();
    let reason = match &scope {
        Some(scope) => Reason::from(policy.decide(&subject, &action, &scope.stored()).because),
        None => somewhere(policy, &subject, &action),
    };
    Checked {
        subject: check.subject,
        action: check.action,
        scope,
        allowed: reason.allows(),
        reason,
    }
}

/// "In any scope?" is answered from the assignments alone, as the validation of one's own
/// permissions does: whoever holds a role that names the action may, and staff may.
fn somewhere(policy: &Engine, subject: &str, action: &str) -> Reason {
    if policy.is_staff(subject) {
        Reason::Staff
    } else if policy.held_scopes(subject, action).is_empty() {
        Reason::NoAssignment
    } else {
        Reason::Assignment
    }
}

/// One question to be explained.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct ExplainAsk {
    /// A username.
    subject: Name,
    /// Name of an action.
    action: Name,
    /// Key of a scope, which need not exist.
    scope: Scope,
}

/// Say which assignment and which rule decide, or what is missing.
pub async fn explain(
    State(app): State<App>,
    caller: Caller,
    Body(ask): Body<ExplainAsk>,
) -> Answer<Json<Explained>> {
    may_ask_about(&app, &caller, [ask.subject.as_str()].into_iter())?;
    let subject = stored::user(&ask.subject);
    let policy = app.policy();
    let staff = policy.is_staff(&subject);
    let action = stored::action(&ask.action);
    let explanation = policy.explain(&subject, staff, &action, &ask.scope.stored());
    Ok(Json(Explained::of(ask, staff, &explanation)))
}

/// The query of scopes.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct WhereQuery {
    /// A username.
    subject: Name,
    /// Name of an action.
    action: Name,
}

/// A page of the scopes in which somebody may do something.
#[derive(Serialize, JsonSchema)]
pub struct ScopeRules {
    /// The revision of the policy that gave this page.
    revision: u64,
    /// Whether the subject may do this in every library and every course, being staff.
    everything: bool,
    #[serde(flatten)]
    page: KeysetPage<ScopeRule>,
}

/// List keys and patterns. A scope is among those meant if some `allow` matches it, and no `deny`.
pub async fn list_scopes(
    State(app): State<App>,
    caller: Caller,
    keys: Keys,
    Query(ask): Query<WhereQuery>,
) -> Answer<Json<ScopeRules>> {
    may_ask_about(&app, &caller, [ask.subject.as_str()].into_iter())?;
    let subject = stored::user(&ask.subject);
    let set = app.policy().scopes(&subject, &stored::action(&ask.action));
    let mut rules = patterns::rules(&set);
    if let Some(after) = &keys.after {
        rules.retain(|rule| rule.key() > *after);
    }
    Ok(Json(ScopeRules {
        revision: set.revision(),
        everything: set.is_everything(),
        page: keys.cut(rules, ScopeRule::key),
    }))
}

/// The query of subjects.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct WhoQuery {
    /// Name of an action.
    action: Name,
    /// Key of a scope, which need not exist.
    scope: Scope,
}

/// Somebody who may.
#[derive(Serialize, JsonSchema)]
pub struct Entitled {
    /// The username.
    subject: String,
    /// Whether the subject is staff, whatever the reason.
    staff: bool,
    reason: Reason,
}

/// A page of those who may.
#[derive(Serialize, JsonSchema)]
pub struct EntitledPage {
    /// The revision of the policy that gave this page.
    revision: u64,
    #[serde(flatten)]
    page: KeysetPage<Entitled>,
}

/// List everybody who may, by username. Staff who hold no role are among them.
pub async fn list_subjects(
    State(app): State<App>,
    _caller: Permitted<Staff>,
    keys: Keys,
    Query(ask): Query<WhoQuery>,
) -> Answer<Json<EntitledPage>> {
    let (action, scope) = (stored::action(&ask.action), ask.scope.stored());
    let after = stored::user(keys.after.as_deref().unwrap_or_default());
    let limit = usize::try_from(keys.one_more()).unwrap_or(usize::MAX);
    let policy = app.policy();
    let holders = policy.subjects_after(&action, &scope, &after, limit);
    let entitled = holders.iter().map_while(entitled).collect();
    Ok(Json(EntitledPage {
        revision: policy.revision(),
        page: keys.cut(entitled, |row: &Entitled| row.subject.clone()),
    }))
}

/// Nothing for a subject that is no user: imported rules may name some, which stand after all users.
fn entitled(holder: &Holder) -> Option<Entitled> {
    match stored::split(&holder.subject)? {
        (stored::USER, name) => Some(Entitled {
            subject: name.to_owned(),
            staff: holder.staff,
            reason: holder.because.into(),
        }),
        _ => None,
    }
}
