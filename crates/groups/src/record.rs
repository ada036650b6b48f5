//! What the change log says of this family's writes.

use provost_app::{App, Author};
use provost_store::changes::Entry;
use provost_store::course_access::{memberships, rules};
use provost_store::{Fault, Tx};
use serde_json::{Value, json};

/// An entry about `subject` in an organization, with what was and what is.
pub(crate) fn entry(
    app: &App,
    by: &Author,
    organization: i64,
    (kind, subject): (&str, String),
    before: Option<Value>,
    after: Option<Value>,
) -> Entry {
    Entry {
        org: app
            .course_access()
            .short_name(organization)
            .map(str::to_owned),
        before,
        after,
        ..by.entry(kind, &subject)
    }
}

/// Commits a transaction of one write with the [`entry`] that tells of it.
///
/// # Errors
/// A [`Fault`] of the store; nothing is then kept.
pub(crate) async fn commit(
    app: &App,
    by: impl Into<Author>,
    tx: Tx,
    organization: i64,
    about: (&str, String),
    (before, after): (Option<Value>, Option<Value>),
) -> Result<(), Fault> {
    let entry = entry(app, &by.into(), organization, about, before, after);
    app.commit(tx, &[entry]).await
}

/// A membership, as the subject of an entry.
pub(crate) fn membership_subject(id: i64) -> String {
    format!("membership:{id}")
}

/// A membership, as it was or is.
pub(crate) fn membership(membership: &memberships::Membership) -> Value {
    json!({
        "id": membership.id,
        "user": membership.user.id,
        "group": membership.group.id,
        "automatic": membership.automatic,
    })
}

/// A rule, as the subject of an entry.
pub(crate) fn rule_subject(id: i64) -> String {
    format!("rule:{id}")
}

/// A rule, as it was or is.
pub(crate) fn rule(rule: &rules::Rule) -> Value {
    json!({
        "id": rule.id,
        "name": rule.name,
        "domain": rule.domain,
        "domains": rule.domains,
        "group": rule.group.id,
    })
}
