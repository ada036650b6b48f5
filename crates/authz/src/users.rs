//! `users/`: people who hold roles; `users/validate/`: which identifiers are people.

use std::collections::HashSet;

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App};
use provost_drf::{Body, Choice, Invalid, Json, NonEmpty, Optional, Page, Permitted, Query, Words};
use provost_store::listings::{self, Filter, PeopleOrder};
use provost_store::users::{self, Found};
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::{ManagesSomeTeam, SeesSomeTeam};
use crate::fields::{Name, Order, Paging, Untrimmed, full_name};
use crate::visibility;

/// What people are sorted by.
#[derive(Clone, Copy, Debug, Default, Deserr, JsonSchema)]
#[deserr(error = Invalid, rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
pub enum SortBy {
    /// The username.
    #[default]
    Username,
    /// First and last name.
    #[deserr(rename = "full_name")]
    #[schemars(rename = "full_name")]
    FullName,
    /// The mail address.
    Email,
}

/// The query of people.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct UsersQuery {
    /// Keys of scopes, separated by commas: only assignments on exactly these.
    #[deserr(default)]
    scopes: Optional<Words>,
    /// Short names of orgs, separated by commas: only assignments on scopes of these.
    #[deserr(default)]
    orgs: Optional<Words>,
    /// Text to find in the lower-cased username, full name or mail address; it is taken as it
    /// is, so that one with a capital finds nobody.
    #[deserr(default)]
    search: Optional<Untrimmed>,
    /// What to sort by.
    #[deserr(default)]
    sort_by: Choice<SortBy>,
    /// Direction of the sort.
    #[deserr(default)]
    order: Choice<Order>,
}

/// Somebody who holds roles.
#[derive(Serialize, JsonSchema)]
pub struct User {
    username: String,
    /// First and last name of the account.
    full_name: String,
    email: String,
    /// Assignments that the caller may see and that pass the filters.
    assignation_count: i64,
}

/// Active people with assignments that the caller may see.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SeesSomeTeam>,
    paging: Paging,
    Query(query): Query<UsersQuery>,
) -> Answer<Page<User>> {
    let filter = Filter {
        seen: visibility::seen(&app, &caller),
        username: None,
        scopes: some(query.scopes),
        orgs: some(query.orgs),
        roles: None,
        search: query.search.0.map(|text| text.0),
    };
    let by = match query.sort_by.0 {
        SortBy::Username => PeopleOrder::Username,
        SortBy::FullName => PeopleOrder::FullName,
        SortBy::Email => PeopleOrder::Email,
    };
    let ask = paging.ask();
    let total = app.total("people", &filter);
    let (db, known) = (app.store().read(), total.known());
    let people = listings::people(db, &filter, by, query.order.0.into(), &ask, known).await?;
    total.remember(people.total);
    Ok(paging.page(people.map(|person| User {
        full_name: full_name(&person.first_name, &person.last_name),
        username: person.username,
        email: person.email,
        assignation_count: person.assignments,
    }))?)
}

/// A list with something in it, or no filter.
pub(crate) fn some(words: Optional<Words>) -> Option<Vec<String>> {
    words
        .0
        .map(Words::into_vec)
        .filter(|words| !words.is_empty())
}

/// The body of a validation.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Identifiers {
    /// Usernames or mail addresses; repeats count once.
    users: NonEmpty<Name>,
}

/// Which identifiers are people who can be given a role.
#[derive(Serialize, JsonSchema)]
pub struct Validated {
    valid_users: Vec<String>,
    invalid_users: Vec<String>,
    summary: Summary,
}

/// How many there were of each.
#[derive(Serialize, JsonSchema)]
pub struct Summary {
    total: usize,
    valid_count: usize,
    invalid_count: usize,
}

/// Tell which identifiers stand for exactly one active user. One that two users share is
/// invalid, since a role could not be given by it either.
pub async fn validate(
    State(app): State<App>,
    _caller: Permitted<ManagesSomeTeam>,
    Body(ask): Body<Identifiers>,
) -> Answer<Json<Validated>> {
    let mut seen = HashSet::new();
    let mut identifiers: Vec<String> = ask.users.into_iter().map(Name::into_string).collect();
    identifiers.retain(|identifier| seen.insert(identifier.clone()));
    let found = users::resolve(app.store().read(), &identifiers).await?;
    let (valid, invalid): (Vec<_>, Vec<_>) = identifiers
        .into_iter()
        .zip(found)
        .partition(|(_, found)| matches!(found, Found::One(user) if user.is_active));
    let names = |pairs: Vec<(String, Found)>| pairs.into_iter().map(|(name, _)| name).collect();
    Ok(Json(Validated {
        summary: Summary {
            total: valid.len() + invalid.len(),
            valid_count: valid.len(),
            invalid_count: invalid.len(),
        },
        valid_users: names(valid),
        invalid_users: names(invalid),
    }))
}
