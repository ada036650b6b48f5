//! Assignments become course access roles.

use std::collections::{HashMap, HashSet};

use provost_app::{App, Author};
use provost_keys::scope::{Kind, ScopeKey};
use provost_keys::stored;
use provost_store::assignments::{self, Assignment};
use provost_store::changes::Entry;
use provost_store::legacy::{self, AccessRole};
use provost_store::rules::Grant;
use provost_store::{Fault, users};

use super::{EQUIVALENTS, Left, Manner, Reason, Report, Selection, entry, finish};
use crate::grants::{self, Change};

/// Makes a course access role of each assignment of the selection, where there is none, all in
/// one transaction. An assignment that cannot be copied stops no other.
///
/// # Errors
/// A [`Fault`] of the store; nothing is then changed.
pub async fn roll_back(
    app: &App,
    by: &Author,
    selection: &Selection,
    manner: Manner,
) -> Result<Report, Fault> {
    let tx = app.store().begin().await?;
    let left_out = selection.left_out(&tx, |courses| courses.on).await?;
    let mut grants = legacy::assignments(&tx, selection.part()).await?;
    grants.retain(|grant| is_selected(selection, grant));
    let holders: Vec<&str> = grants.iter().filter_map(holder).collect();
    let users = users::ids(&tx, &holders).await?;
    let mut found: Vec<(Assignment, AccessRole)> = Vec::new();
    let mut left = Vec::new();
    for grant in &grants {
        match plan(grant, &left_out, &users) {
            Ok(copy) => found.push(copy),
            Err(reason) => left.push(untouched(grant, reason)),
        }
    }
    let copied = found.len();
    let (taken, wanted): (Vec<Assignment>, Vec<AccessRole>) = found.into_iter().unzip();
    let made = legacy::ensure(&tx, &wanted).await?;
    let mut entries: Vec<Entry> = made
        .into_iter()
        .zip(taken.iter().zip(&wanted))
        .filter_map(|(id, (from, role))| Some(entry(by, id?, &from.username, role, Change::Given)))
        .collect();
    if manner.delete {
        let audit = grants::audit(app, by);
        let gone = assignments::revoke(&tx, &taken, app.now(), audit).await?;
        entries.extend(
            gone.iter()
                .map(|grant| grants::entry(by, grant, Change::Taken)),
        );
    }
    finish(app, tx, &entries, manner).await?;
    Ok(Report { copied, left })
}

/// Whether an assignment is on a course or, unless courses are named, on all of an organization.
fn is_selected(selection: &Selection, grant: &Grant) -> bool {
    match Kind::of_stored(&grant.scope) {
        Some(Kind::Course) => true,
        Some(Kind::OrgCourses) => matches!(selection, Selection::Org(_)),
        _ => false,
    }
}

/// The name of the user who has a role.
fn holder(grant: &Grant) -> Option<&str> {
    match stored::split(&grant.subject) {
        Some((stored::USER, name)) => Some(name),
        _ => None,
    }
}

/// The assignment as it would be revoked, and the course access role that stands for it.
fn plan(
    grant: &Grant,
    left_out: &HashSet<String>,
    users: &HashMap<String, i64>,
) -> Result<(Assignment, AccessRole), Reason> {
    let external = stored::external(&grant.scope);
    if left_out.contains(external) {
        return Err(Reason::FlagOverride);
    }
    let role = stored::external(&grant.role);
    let (legacy, _) = EQUIVALENTS
        .into_iter()
        .find(|(_, role_of_today)| *role_of_today == role)
        .ok_or(Reason::NoLegacyEquivalent)?;
    let scope = ScopeKey::resolve(&grant.scope).map_err(|_| Reason::UnexpectedScopeType)?;
    let org = scope.org().ok_or(Reason::UnexpectedScopeType)?;
    let username = holder(grant).ok_or(Reason::UnexpectedError)?;
    let user_id = *users.get(username).ok_or(Reason::UnexpectedError)?;
    let held = AccessRole {
        user_id,
        org: org.to_owned(),
        course_id: if scope.is_glob() {
            String::new()
        } else {
            external.to_owned()
        },
        role: legacy.to_owned(),
    };
    let assignment = Assignment {
        user_id,
        username: username.to_owned(),
        role: grant.role.clone(),
        scope,
    };
    Ok((assignment, held))
}

fn untouched(grant: &Grant, reason: Reason) -> Left {
    let external = |key| stored::external(key).to_owned();
    Left {
        username: external(&grant.subject),
        role: external(&grant.role),
        place: external(&grant.scope),
        reason,
    }
}
