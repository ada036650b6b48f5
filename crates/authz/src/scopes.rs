//! `scopes/`: courses and libraries that the caller may see or manage the team of.

use std::collections::HashMap;

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App};
use provost_drf::{
    Blankable, Caller, Choice, Flag, Invalid, Optional, Page, Permitted, Query, Words,
};
use provost_store::Fault;
use provost_store::listings::{self, ScopesAsk};
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::{self, SeesSomeTeam};
use crate::fields::{Name, Organization, Paging};
use crate::users::some;
use crate::visibility;

/// A kind of scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserr, JsonSchema)]
#[deserr(error = Invalid, rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
pub enum ScopeType {
    /// Courses.
    Course,
    /// Content libraries.
    Library,
}

/// The query of scopes.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct ScopesQuery {
    /// Only scopes whose team the caller may change; means nothing to staff.
    #[deserr(default)]
    management_permission_only: Optional<Flag>,
    /// Only scopes of this kind.
    #[deserr(default)]
    scope_type: Optional<Choice<ScopeType>>,
    /// Text to find in the display name, whatever its case.
    #[deserr(default)]
    search: Optional<Blankable<{ usize::MAX }>>,
    /// Short name of one more org to keep.
    #[deserr(default)]
    org: Optional<Name>,
    /// Short names of orgs to keep, separated by commas.
    #[deserr(default)]
    orgs: Optional<Words>,
}

/// A course or a library.
#[derive(Serialize, JsonSchema)]
pub struct Scope {
    external_key: String,
    /// Title; empty where there is none.
    display_name: String,
    /// The active organization with exactly this scope's org, if there is one.
    org: Option<Organization>,
}

/// Single courses and libraries, no patterns.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SeesSomeTeam>,
    paging: Paging,
    Query(query): Query<ScopesQuery>,
) -> Answer<Page<Scope>> {
    let ask = asked(&app, &caller, query);
    let slice = listings::scopes(app.store().read(), &ask, &paging.ask()).await?;
    let names = slice.rows.iter().map(|row| row.org.clone()).collect();
    let organizations = organizations(&app, names).await?;
    Ok(paging.page(slice.map(|row| Scope {
        external_key: row.key,
        display_name: row.display_name.unwrap_or_default(),
        org: organizations.get(&row.org).cloned(),
    }))?)
}

/// What the query asks for, within the caller's reach.
fn asked(app: &App, caller: &Caller, query: ScopesQuery) -> ScopesAsk {
    let manage = query.management_permission_only.is_some_and(|flag| flag.0);
    let (on_courses, on_libraries) = if manage {
        (access::MANAGE_COURSE_TEAM, access::MANAGE_LIBRARY_TEAM)
    } else {
        (access::VIEW_COURSE_TEAM, access::VIEW_LIBRARY_TEAM)
    };
    let wanted = |kind| query.scope_type.is_none_or(|choice| choice.0 == kind);
    let reach = |action, namespace| visibility::reach(app, caller, action, namespace);
    let courses = wanted(ScopeType::Course).then(|| reach(on_courses, "course-v1"));
    let libraries = wanted(ScopeType::Library).then(|| reach(on_libraries, "lib"));
    let mut orgs = some(query.orgs);
    if let Some(org) = query.org.0 {
        orgs.get_or_insert_default().push(org.into_string());
    }
    let search = query.search.0.map(Blankable::into_string);
    ScopesAsk {
        courses,
        libraries,
        orgs,
        search: search.filter(|text| !text.is_empty()),
    }
}

/// The active organizations of these short names, by short name.
async fn organizations(
    app: &App,
    mut names: Vec<String>,
) -> Result<HashMap<String, Organization>, Fault> {
    names.sort_unstable();
    names.dedup();
    let media_url = &app.settings().media_url;
    let rows = listings::organizations_named(app.store().read(), &names).await?;
    let shown = rows.into_iter().map(|row| {
        let short_name = row.short_name.clone();
        (
            short_name,
            Organization::shown(row, |logo| media_url.of(logo)),
        )
    });
    Ok(shown.collect())
}
