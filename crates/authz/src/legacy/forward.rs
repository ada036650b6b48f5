//! Course access roles become assignments.

use std::collections::HashSet;

use provost_app::{App, Author};
use provost_keys::scope::{Kind, ScopeKey};
use provost_keys::stored;
use provost_store::Fault;
use provost_store::assignments::{self, Assignment};
use provost_store::changes::Entry;
use provost_store::legacy::{self, AccessRole, Stored};
use provost_store::rules::Grant;

use super::{EQUIVALENTS, Left, Manner, Reason, Report, Selection, entry, finish};
use crate::grants::{self, Change};

/// Gives each course access role of the selection as a role, all in one transaction. A row that
/// cannot be copied stops no other.
///
/// A course or an organization need not be on record for its roles to be copied.
///
/// # Errors
/// A [`Fault`] of the store; nothing is then changed.
pub async fn migrate(
    app: &App,
    by: &Author,
    selection: &Selection,
    manner: Manner,
) -> Result<Report, Fault> {
    let tx = app.store().begin().await?;
    let left_out = selection.left_out(&tx, |courses| courses.off).await?;
    let mut rows = legacy::access_roles(&tx, selection.part()).await?;
    rows.retain(|row| is_of_a_course(&row.role.course_id));
    let plans: Vec<Result<Assignment, Reason>> =
        rows.iter().map(|row| plan(row, &left_out)).collect();
    let wanted: Vec<Assignment> = plans.iter().flatten().cloned().collect();
    let audit = grants::audit(app, by);
    let added = assignments::assign(&tx, &wanted, app.now(), audit).await?;
    let mut entries: Vec<Entry> = added
        .iter()
        .map(|grant| grants::entry(by, grant, Change::Given))
        .collect();
    let (copied, left) = sorted(rows, plans, added);
    if manner.delete {
        let ids: Vec<i64> = copied.iter().map(|row| row.id).collect();
        legacy::remove(&tx, &ids).await?;
        entries.extend(
            copied
                .iter()
                .map(|row| entry(by, row.id, &row.username, &row.role, Change::Taken)),
        );
    }
    finish(app, tx, &entries, manner).await?;
    Ok(Report {
        copied: copied.len(),
        left,
    })
}

/// Whether a row is one to look at: of an organization, or of a course whose key has today's form.
fn is_of_a_course(course_id: &str) -> bool {
    course_id.is_empty() || course_id.starts_with("course-v1")
}

fn plan(row: &Stored, left_out: &HashSet<String>) -> Result<Assignment, Reason> {
    let (_, role) = EQUIVALENTS
        .into_iter()
        .find(|(legacy, _)| *legacy == row.role.role)
        .ok_or(Reason::UnknownRole)?;
    if left_out.contains(&row.role.course_id) {
        return Err(Reason::FlagOverride);
    }
    Ok(Assignment {
        user_id: row.role.user_id,
        username: row.username.clone(),
        role: stored::role(role),
        scope: scope(&row.role).ok_or(Reason::NoScope)?,
    })
}

/// The course, or all courses of the organization. A key with a `*` in it is no course, so that
/// no row of one course becomes a role in many.
fn scope(role: &AccessRole) -> Option<ScopeKey> {
    let (external, kind) = if role.course_id.is_empty() {
        (format!("course-v1:{}+*", role.org), Kind::OrgCourses)
    } else {
        (role.course_id.clone(), Kind::Course)
    };
    let scope = ScopeKey::parse(&external).ok()?;
    (scope.kind() == kind).then_some(scope)
}

/// The rows that were copied, and the others with their reasons. Of two rows that mean the same,
/// the second finds the role there.
fn sorted(
    rows: Vec<Stored>,
    plans: Vec<Result<Assignment, Reason>>,
    added: Vec<Grant>,
) -> (Vec<Stored>, Vec<Left>) {
    let mut added: HashSet<(String, String, String)> = added
        .into_iter()
        .map(|grant| (grant.subject, grant.role, grant.scope))
        .collect();
    let mut is_added = |wanted: Assignment| {
        let subject = stored::user(&wanted.username);
        if added.remove(&(subject, wanted.role, wanted.scope.stored())) {
            Ok(())
        } else {
            Err(Reason::AssignmentFailed)
        }
    };
    let mut copied = Vec::new();
    let mut left = Vec::new();
    for (row, plan) in rows.into_iter().zip(plans) {
        match plan.and_then(&mut is_added) {
            Ok(()) => copied.push(row),
            Err(reason) => left.push(untouched(row, reason)),
        }
    }
    (copied, left)
}

fn untouched(row: Stored, reason: Reason) -> Left {
    let role = row.role;
    Left {
        username: row.username,
        role: role.role,
        place: if role.course_id.is_empty() {
            role.org
        } else {
            role.course_id
        },
        reason,
    }
}
