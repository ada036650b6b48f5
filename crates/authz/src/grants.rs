//! Giving and taking roles: the use cases that change the policy.

use std::collections::HashSet;

use provost_app::{Answer, App, Author, kind};
use provost_drf::Invalid;
use provost_keys::scope::ScopeKey;
use provost_keys::stored;
use provost_store::assignments::{self, Assignment, Audit};
use provost_store::changes::Entry;
use provost_store::courses;
use provost_store::rules::Grant;
use provost_store::users::{self, Found};
use serde_json::json;

use crate::fields;

/// What became of one user in one scope.
pub struct Outcome {
    /// The identifier as it was sent.
    pub identifier: String,
    /// The scope's external key.
    pub scope: String,
    /// The wire's word for it.
    pub result: Result<&'static str, &'static str>,
}

/// The scopes that are named, if each of them exists and has the role defined for its kind.
///
/// # Errors
/// The field error of the first scope that fails, in the order in which they are named.
pub async fn grantable(app: &App, role: &str, named: &[String]) -> Answer<Vec<ScopeKey>> {
    // What cannot be parsed is an error of its own turn, after those of the scopes before it.
    let mut parsed = Vec::with_capacity(named.len());
    let mut unparsed = None;
    for text in named {
        match fields::scope(text) {
            Ok(scope) => parsed.push(scope),
            Err(error) => {
                unparsed = Some(error);
                break;
            }
        }
    }
    let existing = courses::existing(app.store().read(), &parsed).await?;
    for scope in &parsed {
        if !existing.contains(scope.external()) {
            return Err(fields::missing_scope(scope).into());
        }
        if !is_defined(app, role, scope) {
            let external = scope.external();
            let message = format!("Role '{role}' does not exist in scope '{external}'");
            return Err(Invalid::field("role", message).into());
        }
    }
    match unparsed {
        Some(error) => Err(error.into()),
        None => Ok(parsed),
    }
}

fn is_defined(app: &App, role: &str, scope: &ScopeKey) -> bool {
    let policy = app.policy();
    let defined = policy.roles_in(scope.namespace());
    defined.iter().any(|definition| definition.role == role)
}

/// Gives a role to users in scopes, scope by scope, in one transaction.
///
/// A user who cannot be served never stops the others. Holding a wider assignment does not
/// make a narrower one superfluous.
pub async fn assign(
    app: &App,
    by: &Author,
    role: &str,
    scopes: &[ScopeKey],
    identifiers: &[String],
) -> Answer<Vec<Outcome>> {
    let tx = app.store().begin().await?;
    let found = users::resolve(&tx, identifiers).await?;
    let wanted = pairs(scopes, &found, &stored::role(role));
    let added = assignments::assign(&tx, &wanted, app.now(), audit(app, by)).await?;
    let entries: Vec<Entry> = added
        .iter()
        .map(|grant| entry(by, grant, Change::Given))
        .collect();
    app.commit(tx, &entries).await?;
    let mut added = places(added);
    Ok(outcomes(
        scopes,
        identifiers,
        &found,
        "role_assignment_error",
        |place| {
            // Whoever is named twice has the role already the second time.
            if added.remove(place) {
                Ok("role_added")
            } else {
                Err("user_already_has_role")
            }
        },
    ))
}

/// Takes a role from users in scopes, in one transaction; wider and narrower assignments stay.
pub async fn revoke(
    app: &App,
    by: &Author,
    role: &str,
    scopes: &[ScopeKey],
    identifiers: &[String],
) -> Answer<Vec<Outcome>> {
    let tx = app.store().begin().await?;
    let found = users::resolve(&tx, identifiers).await?;
    let wanted = pairs(scopes, &found, &stored::role(role));
    let removed = assignments::revoke(&tx, &wanted, app.now(), audit(app, by)).await?;
    let entries: Vec<Entry> = removed
        .iter()
        .map(|grant| entry(by, grant, Change::Taken))
        .collect();
    app.commit(tx, &entries).await?;
    let mut removed = places(removed);
    Ok(outcomes(
        scopes,
        identifiers,
        &found,
        "role_removal_error",
        |place| {
            if removed.remove(place) {
                Ok("role_removed")
            } else {
                Err("user_does_not_have_role")
            }
        },
    ))
}

/// A stored subject and a stored scope.
type Place = (String, String);

fn places(grants: Vec<Grant>) -> HashSet<Place> {
    grants
        .into_iter()
        .map(|grant| (grant.subject, grant.scope))
        .collect()
}

/// Every found user in every scope, scope by scope.
fn pairs(scopes: &[ScopeKey], found: &[Found], role: &str) -> Vec<Assignment> {
    let users = || {
        found.iter().filter_map(|found| match found {
            Found::One(user) => Some(user),
            _ => None,
        })
    };
    let in_scope = |scope| {
        users().map(move |user| Assignment {
            user_id: user.id,
            username: user.username.clone(),
            role: role.to_owned(),
            scope: ScopeKey::clone(scope),
        })
    };
    scopes.iter().flat_map(in_scope).collect()
}

/// Who is noted in the audit rows, where the wire profile has them.
pub(crate) fn audit(app: &App, by: &Author) -> Audit {
    if app.settings().compat.role_assignment_audit {
        Audit::By(by.id)
    } else {
        Audit::None
    }
}

/// What happened to a grant.
#[derive(Clone, Copy)]
pub(crate) enum Change {
    Given,
    Taken,
}

/// What the change log says about it.
pub(crate) fn entry(by: &Author, grant: &Grant, change: Change) -> Entry {
    let value = Some(json!({
        "id": grant.id,
        "subject": grant.subject,
        "role": grant.role,
        "scope": grant.scope,
    }));
    let org = ScopeKey::resolve(&grant.scope).ok();
    let org = org.and_then(|scope| scope.org().map(str::to_owned));
    match change {
        Change::Given => Entry {
            org,
            after: value,
            ..by.entry(kind::GRANTED, &grant.subject)
        },
        Change::Taken => Entry {
            org,
            before: value,
            ..by.entry(kind::REVOKED, &grant.subject)
        },
    }
}

/// One outcome for each identifier in each scope; `served` says what became of a found user.
fn outcomes(
    scopes: &[ScopeKey],
    identifiers: &[String],
    found: &[Found],
    failure: &'static str,
    mut served: impl FnMut(&Place) -> Result<&'static str, &'static str>,
) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(scopes.len() * identifiers.len());
    for scope in scopes {
        for (identifier, found) in identifiers.iter().zip(found) {
            let result = match found {
                Found::One(user) => served(&(stored::user(&user.username), scope.stored())),
                Found::None | Found::Retired => Err("user_not_found"),
                Found::Many => Err(failure),
            };
            outcomes.push(Outcome {
                identifier: identifier.clone(),
                scope: scope.external().to_owned(),
                result,
            });
        }
    }
    outcomes
}
