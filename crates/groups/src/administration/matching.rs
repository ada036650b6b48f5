//! What the rules of an organization say of its people.

use provost_app::App;
use provost_store::Fault;
use provost_store::course_access::PersonRef;
use provost_store::course_access::candidates::{self, Candidate};
use provost_store::course_access::rules::Rule;

use crate::automatic::Rules;
use crate::domains;

/// People that are looked at together.
pub(super) const CHUNK: u64 = 2_000;

/// What becomes of a person, in the order in which it is asked.
#[derive(Clone, Copy)]
pub(super) enum Verdict<'a> {
    /// Their mail address has no domain.
    NoDomain,
    /// They belong to other organizations too, and no rule says to which group of which.
    Torn,
    /// No rule is for their domain.
    NoRule,
    /// They are in some group already.
    Member(&'a Rule),
    /// They come into a group.
    Joins(&'a Rule),
}

/// The rules of an organization as they are now, and how to compare domains.
pub(super) fn compile(app: &App, rules: Vec<Rule>) -> Rules {
    Rules::compile(rules, app.settings().course_access.fold_domains)
}

/// What the rules say of one person.
pub(super) fn judge<'a>(app: &App, rules: &'a Rules, candidate: &Candidate) -> Verdict<'a> {
    let person = &candidate.person;
    if domains::of_address(&person.email).is_none_or(str::is_empty) {
        return Verdict::NoDomain;
    }
    if app.course_access().organizations_of(person.id).len() > 1 {
        return Verdict::Torn;
    }
    match rules.of(&person.email) {
        None => Verdict::NoRule,
        Some(rule) if candidate.is_member => Verdict::Member(rule),
        Some(rule) => Verdict::Joins(rule),
    }
}

/// Gives `take` everybody whom the rule with the key `rule` would move, in the order of their keys
/// from `after` on, until it has had enough and says false.
pub(super) async fn each_moved(
    app: &App,
    organization: i64,
    (rules, rule): (&Rules, i64),
    mut after: i64,
    mut take: impl FnMut(PersonRef) -> bool,
) -> Result<(), Fault> {
    loop {
        let db = app.store().read();
        let chunk = candidates::after(db, organization, after, CHUNK).await?;
        let Some(last) = chunk.last() else {
            return Ok(());
        };
        after = last.person.id;
        for candidate in chunk {
            let verdict = judge(app, rules, &candidate);
            let moved = matches!(verdict, Verdict::Joins(by) if by.id == rule);
            if moved && !take(candidate.person) {
                return Ok(());
            }
        }
    }
}
