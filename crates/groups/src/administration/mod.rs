//! Course access groups beyond the reference: people in several groups, rules of several domains,
//! and rules that are applied to the people who are there already.
//!
//! Invariant: a request works on the organization in its path, and says of no other one whether it
//! is there.
//! Invariant: memberships that a rule makes are made in the transaction that reads who has none.

mod evaluations;
mod job;
mod matching;
mod memberships;
mod rules;
mod scope;

use provost_app::App;
use provost_app::identity::OWN_SCHEMES;
use provost_drf::{Dialect, Family, Keyset, View};

use scope::Admin;

/// Pages of a hundred, a thousand at most.
type Keys = Keyset<100, 1000>;

/// The route table.
///
/// What a request says of itself counts before the session that a browser adds.
#[must_use]
pub fn administration() -> Family<App> {
    let family = Family::at(
        "/api/provost/v1/course-access/organizations/",
        "Course access administration",
        "Who is in which group, by which rules",
    )
    .schemes(OWN_SCHEMES)
    .dialect(Dialect::Problems)
    .active_only()
    .view(
        "{organization}/memberships/",
        View::new()
            .get(memberships::list, "Who is in which group")
            .post(memberships::create, "Put somebody into a group")
            .guard(administrator),
    )
    .view(
        "{organization}/memberships/{id}/",
        View::new()
            .get(memberships::retrieve, "One membership")
            .delete(memberships::destroy, "Take somebody out of a group")
            .guard(administrator),
    );
    evaluations(rules(family))
}

fn rules(family: Family<App>) -> Family<App> {
    family
        .view(
            "{organization}/rules/",
            View::new()
                .get(rules::list, "Rules that put people into groups")
                .post(rules::create, "Make a rule, or see what it would do")
                .guard(administrator),
        )
        .view(
            "{organization}/rules/{id}/",
            View::new()
                .get(rules::retrieve, "One rule")
                .patch(rules::partial_update, "Change parts of a rule")
                .delete(rules::destroy, "Remove a rule")
                .guard(administrator),
        )
        .view(
            "{organization}/rules/{id}/matches/",
            View::new()
                .get(rules::matches, "Whom the rule would move now")
                .guard(administrator),
        )
}

fn evaluations(family: Family<App>) -> Family<App> {
    family
        .view(
            "{organization}/evaluations/",
            View::new()
                .get(evaluations::list, "Evaluations, newest first")
                .post(evaluations::create, "Hold everybody against the rules")
                .guard(administrator),
        )
        .view(
            "{organization}/evaluations/{id}/",
            View::new()
                .get(evaluations::retrieve, "One evaluation")
                .guard(administrator),
        )
        .view(
            "{organization}/evaluations/{id}/results/",
            View::new()
                .get(evaluations::results, "What became of whom")
                .guard(administrator),
        )
}

/// Guards every view.
async fn administrator(_: Admin) {}
