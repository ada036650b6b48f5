//! Courses and content libraries: the concrete things a role can be held in.

use std::collections::HashSet;

use provost_keys::scope::ScopeKey;
use provost_keys::text;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait};

use crate::batch::{Insert, value};
use crate::rules::{self, Grant};
use crate::tables::{
    content_library, course_overview, course_scope, extended_rule, library_scope, organization,
    scope,
};
use crate::{Db, Fault, Tx, scopes};

/// A course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The key, `course-v1:Org+Course+Run`.
    pub id: String,
    /// The short name of its organization.
    pub org: String,
    /// Its title.
    pub display_name: Option<String>,
}

/// A content library to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLibrary {
    /// The key of its organization.
    pub org_id: Option<i64>,
    /// Its name below the organization.
    pub slug: String,
    /// Its title, which is kept in a learning package; `None` makes no package.
    pub title: Option<String>,
}

/// Those of the scopes that exist, by external key; one query per kind.
///
/// A library exists when its organization and slug are on record, a course (also a CCX) when its
/// key is, all courses or libraries of an organization when its short name is, active or not; all
/// courses and all libraries always do. Compared exactly. Anything else does not exist.
pub async fn existing(db: &Db, scopes: &[ScopeKey]) -> Result<HashSet<String>, Fault> {
    scopes::existing(db, scopes).await
}

/// Ties scopes that were made before their library or course to it; how many there were.
///
/// To be called after courses or libraries came to be by another way than this module's.
pub async fn link_pending(tx: &Tx) -> Result<u64, Fault> {
    scopes::link_pending(tx).await
}

/// Makes a course, and ties a scope that waited for it. [`Fault::Duplicate`] with
/// [`Key`](crate::Constraint::Key) when it is there.
pub async fn create_course(tx: &Tx, new: &Course) -> Result<(), Fault> {
    const COLUMNS: [&str; 6] = [
        "id",
        "id_lower",
        "org",
        "display_name",
        "display_name_lower",
        "extra",
    ];
    let row = vec![
        value(new.id.as_str()),
        value(text::fold(&new.id)),
        value(new.org.as_str()),
        value(new.display_name.clone()),
        value(new.display_name.as_deref().map(text::fold)),
        value("{}"),
    ];
    Insert::into("course_overviews", &COLUMNS)
        .run(tx, vec![row])
        .await?;
    scopes::link_pending(tx).await.map(drop)
}

/// Makes a library, and ties a scope that waited for it; its key.
pub async fn create_library(tx: &Tx, new: &NewLibrary) -> Result<i64, Fault> {
    const COLUMNS: [&str; 4] = ["org_id", "slug", "learning_package_id", "extra"];
    let package = match &new.title {
        Some(title) => {
            let row = vec![value(title.as_str()), value(text::fold(title)), value("{}")];
            let package = Insert::into("learning_packages", &["title", "title_lower", "extra"]);
            Some(package.one_id(tx, row).await?)
        }
        None => None,
    };
    let row = vec![
        value(new.org_id),
        value(new.slug.as_str()),
        value(package),
        value("{}"),
    ];
    let id = Insert::into("content_libraries", &COLUMNS)
        .one_id(tx, row)
        .await?;
    scopes::link_pending(tx).await?;
    Ok(id)
}

/// The course with this key.
pub async fn find_course(db: &Db, id: &str) -> Result<Option<Course>, Fault> {
    let row = db
        .one(course_overview::Entity::find_by_id(id.to_owned()))
        .await?;
    Ok(row.map(|row| Course {
        id: row.id,
        org: row.org,
        display_name: row.display_name,
    }))
}

/// The key of the library of this organization and slug.
pub async fn find_library(db: &Db, org: &str, slug: &str) -> Result<Option<i64>, Fault> {
    let select = Query::select()
        .column((content_library::Entity, content_library::Column::Id))
        .from(content_library::Entity)
        .join(
            JoinType::InnerJoin,
            organization::Entity,
            Expr::col((organization::Entity, organization::Column::Id))
                .equals((content_library::Entity, content_library::Column::OrgId)),
        )
        .and_where(organization::Column::ShortName.eq(org))
        .and_where(content_library::Column::Slug.eq(slug))
        .take();
    Ok(db.column(&select).await?.into_iter().next())
}

/// Removes a course, its scopes, and the assignments tied to them: the assignments that went, in
/// id order; `None` when there is no such course.
pub async fn delete_course(tx: &Tx, id: &str) -> Result<Option<Vec<Grant>>, Fault> {
    let scopes = || {
        Query::select()
            .column(course_scope::Column::ScopeId)
            .from(course_scope::Entity)
            .and_where(course_scope::Column::CourseOverviewId.eq(id))
            .take()
    };
    let gone = remove_scopes(tx, scopes).await?;
    let delete = Query::delete()
        .from_table(course_overview::Entity)
        .and_where(course_overview::Column::Id.eq(id))
        .take();
    Ok((tx.run(&delete).await? > 0).then_some(gone))
}

/// Removes a library, its scopes, and the assignments tied to them: the assignments that went, in
/// id order; `None` when there is no such library. Its learning package stays.
pub async fn delete_library(tx: &Tx, id: i64) -> Result<Option<Vec<Grant>>, Fault> {
    let scopes = || {
        Query::select()
            .column(library_scope::Column::ScopeId)
            .from(library_scope::Entity)
            .and_where(library_scope::Column::ContentLibraryId.eq(id))
            .take()
    };
    let gone = remove_scopes(tx, scopes).await?;
    let delete = Query::delete()
        .from_table(content_library::Entity)
        .and_where(content_library::Column::Id.eq(id))
        .take();
    Ok((tx.run(&delete).await? > 0).then_some(gone))
}

async fn remove_scopes(tx: &Tx, scopes: impl Fn() -> SelectStatement) -> Result<Vec<Grant>, Fault> {
    let tied = Query::select()
        .column(extended_rule::Column::CasbinRuleId)
        .from(extended_rule::Entity)
        .and_where(extended_rule::Column::ScopeId.in_subquery(scopes()))
        .take();
    let gone = rules::remove_tied(tx, tied).await?;
    let delete = Query::delete()
        .from_table(scope::Entity)
        .and_where(scope::Column::Id.in_subquery(scopes()))
        .take();
    tx.run(&delete).await?;
    Ok(gone)
}
