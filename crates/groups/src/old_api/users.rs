//! `users/`: the learners of the organization, and the group of each.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App};
use provost_drf::{
    Blankable, Invalid, Json, NumberFilter, Optional, Page, Path, Permitted, Problem, Query,
    Ternary,
};
use provost_store::course_access::people::{self, PeopleFilter};
use schemars::JsonSchema;
use serde::Serialize;

use super::place::{Place, SiteAdmin};
use crate::wire::{GroupRef, Key, Paging, Terms};

/// What is asked of the list.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct UsersQuery {
    /// Words that must all occur in the mail address, the username or the name.
    #[deserr(default)]
    search: Optional<Terms>,
    /// The whole mail address, whatever its case.
    #[deserr(default)]
    email_exact: Optional<Blankable<{ usize::MAX }>>,
    /// Only people of the group with this key.
    #[deserr(default)]
    group: Optional<NumberFilter>,
    /// Only people of no group, or only others.
    #[deserr(default)]
    no_group: Ternary,
}

/// A learner.
#[derive(Debug, Serialize, JsonSchema)]
pub struct User {
    id: i64,
    username: String,
    /// The name of the profile; null where there is no profile.
    name: Option<String>,
    email: String,
    /// The oldest membership; null for somebody in no group.
    membership: Option<Held>,
}

/// The membership of a learner.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Held {
    id: i64,
    group: GroupRef,
}

impl From<people::Person> for User {
    fn from(row: people::Person) -> Self {
        Self {
            id: row.id,
            username: row.username,
            name: row.name,
            email: row.email,
            membership: row.membership.map(|(id, group)| Held {
                id,
                group: group.into(),
            }),
        }
    }
}

/// Active people of the organization who do not administrate it, in the order of their keys.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    paging: Paging,
    query: Result<Query<UsersQuery>, Problem>,
) -> Answer<Json<Page<User>>> {
    let organization = place.organization(&app, &caller)?;
    let Query(query) = query?;
    let email = query.email_exact.0.filter(|email| !email.is_empty());
    let filter = PeopleFilter {
        search: query.search.0.unwrap_or_default().0,
        email: email.map(Blankable::into_string),
        group: query.group.0.map(|NumberFilter(group)| group.unwrap_or(-1)),
        no_group: query.no_group.0,
    };
    let total = app.total("learners", &(organization, &filter));
    let (db, ask) = (app.store().read(), paging.ask());
    let slice = people::page(db, organization, &filter, &ask, total.known()).await?;
    total.remember(slice.total);
    Ok(Json(paging.page(slice.map(User::from))))
}

/// One learner.
pub async fn retrieve(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<Json<User>> {
    let organization = place.organization(&app, &caller)?;
    let found = people::find(app.store().read(), organization, key.id()?).await?;
    Ok(Json(found.ok_or_else(Problem::not_found)?.into()))
}
