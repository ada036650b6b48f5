//! `courses/`: the courses that the organization offers, and who may see them.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App};
use provost_drf::{
    Invalid, Json, NumberFilter, Optional, Page, Path, Permitted, Problem, Query, Ternary,
};
use provost_store::course_access::courses::{self as store, CoursesFilter};
use schemars::JsonSchema;
use serde::Serialize;

use super::place::{Place, SiteAdmin};
use crate::wire::{GroupRef, Key, Paging, Terms};

/// What is asked of the list.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct CoursesQuery {
    /// Words that must all occur in the key or the title.
    #[deserr(default)]
    search: Optional<Terms>,
    /// Only public courses, or only others.
    #[deserr(default)]
    is_public: Ternary,
    /// Only courses of the group with this key.
    #[deserr(default)]
    group: Optional<NumberFilter>,
    /// Only courses of no group, or only others, once for each group.
    #[deserr(default)]
    no_group: Ternary,
}

/// A course.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Course {
    id: String,
    /// The title; null where the course has none.
    name: Option<String>,
    public_status: PublicStatus,
    group_links: Vec<GroupLink>,
}

/// Whether everybody may see a course.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PublicStatus {
    is_public: bool,
    /// Key of what makes it public.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
}

/// A group whose members may see a course.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GroupLink {
    id: i64,
    group: GroupRef,
}

impl From<store::Course> for Course {
    fn from(row: store::Course) -> Self {
        let links = row.links.into_iter().map(|(id, group)| GroupLink {
            id,
            group: group.into(),
        });
        Self {
            id: row.id,
            name: row.name,
            public_status: PublicStatus {
                is_public: row.public.is_some(),
                id: row.public,
            },
            group_links: links.collect(),
        }
    }
}

/// Courses in the order of their keys.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    paging: Paging,
    query: Result<Query<CoursesQuery>, Problem>,
) -> Answer<Json<Page<Course>>> {
    let organization = place.organization(&app, &caller)?;
    let Query(query) = query?;
    let filter = CoursesFilter {
        search: query.search.0.unwrap_or_default().0,
        public: query.is_public.0,
        group: query.group.0.map(|NumberFilter(group)| group.unwrap_or(-1)),
        no_group: query.no_group.0,
    };
    let foreign = app.settings().course_access.foreign_links;
    let total = app.total("courses", &(organization, &filter));
    let (db, ask) = (app.store().read(), paging.ask());
    let slice = store::page(db, organization, &filter, foreign, &ask, total.known()).await?;
    total.remember(slice.total);
    Ok(Json(paging.page(slice.map(Course::from))))
}

/// One course.
pub async fn retrieve(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<Json<Course>> {
    let organization = place.organization(&app, &caller)?;
    let foreign = app.settings().course_access.foreign_links;
    let found = store::find(app.store().read(), organization, key.course()?, foreign).await?;
    Ok(Json(found.ok_or_else(Problem::not_found)?.into()))
}
