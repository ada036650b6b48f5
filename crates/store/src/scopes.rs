//! Scopes as things of the platform: do they exist, and which row stands for them.

use std::collections::{HashMap, HashSet};

use provost_keys::scope::{Kind, ScopeKey};
use sea_orm::sea_query::{
    Expr, ExprTrait, IntoColumnRef, JoinType, OnConflict, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryResult, QuerySelect, QueryTrait};

use crate::batch::{Insert, value};
use crate::tables::{
    content_library, course_overview, course_scope, library_scope, organization, scope,
};
use crate::{Db, Fault, Tx, organizations};

/// See [`courses::existing`](crate::courses::existing).
pub(crate) async fn existing(db: &Db, scopes: &[ScopeKey]) -> Result<HashSet<String>, Fault> {
    let of_kind = |wanted: &'static [Kind]| {
        let of_kind = scopes.iter().filter(|scope| wanted.contains(&scope.kind()));
        of_kind.map(ScopeKey::external).collect::<Vec<&str>>()
    };
    let mut known: HashSet<String> = HashSet::new();
    for object in libraries(db, &of_kind(&[Kind::Library])).await? {
        known.insert(object.external);
    }
    for object in courses(db, &of_kind(&[Kind::Course, Kind::Ccx])).await? {
        known.insert(object.external);
    }
    let patterns = || {
        scopes
            .iter()
            .filter(|scope| matches!(scope.kind(), Kind::OrgLibraries | Kind::OrgCourses))
    };
    let orgs: Vec<&str> = patterns().filter_map(ScopeKey::org).collect();
    let orgs = organizations::existing(db, &orgs).await?;
    let of_known_org = patterns().filter(|scope| scope.org().is_some_and(|org| orgs.contains(org)));
    known.extend(of_known_org.map(|scope| scope.external().to_owned()));
    let everywhere = scopes
        .iter()
        .filter(|scope| matches!(scope.kind(), Kind::AllLibraries | Kind::AllCourses));
    known.extend(everywhere.map(|scope| scope.external().to_owned()));
    Ok(known)
}

/// A library or course on record, and the scope row that stands for it, if any.
#[derive(Debug)]
struct Object {
    external: String,
    key: SimpleExpr,
    scope: Option<StoredScope>,
}

#[derive(Debug)]
struct StoredScope {
    id: i64,
    is_named: bool,
}

/// Organization and slug of a library's external key.
pub(crate) fn library_parts(external: &str) -> Option<(&str, &str)> {
    external.strip_prefix("lib:")?.split_once(':')
}

async fn libraries(db: &Db, externals: &[&str]) -> Result<Vec<Object>, Fault> {
    let wanted: HashSet<&str> = externals.iter().copied().collect();
    let (orgs, slugs): (Vec<&str>, Vec<&str>) = externals
        .iter()
        .filter_map(|external| library_parts(external))
        .unzip();
    if orgs.is_empty() {
        return Ok(Vec::new());
    }
    let mut objects = Vec::new();
    for row in db.rows(&select_libraries(db, &orgs, &slugs)).await? {
        let id: i64 = row.try_get("", "id").map_err(Fault::of)?;
        let org: String = row.try_get("", "short_name").map_err(Fault::of)?;
        let slug: String = row.try_get("", "slug").map_err(Fault::of)?;
        let external = format!("lib:{org}:{slug}");
        // The two lists also match one organization with the slug of another.
        if wanted.contains(external.as_str()) {
            objects.push(Object {
                external,
                key: value(id),
                scope: stored_scope(&row)?,
            });
        }
    }
    Ok(objects)
}

/// Libraries of one of the organizations and of one of the slugs, with their scope rows.
fn select_libraries(db: &Db, orgs: &[&str], slugs: &[&str]) -> SelectStatement {
    use content_library::Column;
    let id = || (content_library::Entity, Column::Id);
    let scope_of = (library_scope::Entity, library_scope::Column::ScopeId);
    let organization = Expr::col((organization::Entity, organization::Column::Id))
        .equals((content_library::Entity, Column::OrgId));
    let tie = (
        library_scope::Entity,
        library_scope::Column::ContentLibraryId,
    );
    let of_org = db
        .dialect()
        .is_one_of(Expr::col(organization::Column::ShortName), orgs);
    let of_slug = db.dialect().is_one_of(Expr::col(Column::Slug), slugs);
    Query::select()
        .column(id())
        .column((organization::Entity, organization::Column::ShortName))
        .column((content_library::Entity, Column::Slug))
        .column(scope_of)
        .column((scope::Entity, scope::Column::ExternalKey))
        .from(content_library::Entity)
        .inner_join(organization::Entity, organization)
        .left_join(library_scope::Entity, Expr::col(tie).equals(id()))
        .left_join(scope::Entity, same_scope(scope_of))
        .and_where(of_org)
        .and_where(of_slug)
        .take()
}

async fn courses(db: &Db, externals: &[&str]) -> Result<Vec<Object>, Fault> {
    if externals.is_empty() {
        return Ok(Vec::new());
    }
    let mut objects = Vec::new();
    let id = || (course_overview::Entity, course_overview::Column::Id);
    let scope_of = (course_scope::Entity, course_scope::Column::ScopeId);
    let select = Query::select()
        .column(id())
        .column(scope_of)
        .column((scope::Entity, scope::Column::ExternalKey))
        .from(course_overview::Entity)
        .join(
            JoinType::LeftJoin,
            course_scope::Entity,
            Expr::col((course_scope::Entity, course_scope::Column::CourseOverviewId)).equals(id()),
        )
        .join(JoinType::LeftJoin, scope::Entity, same_scope(scope_of))
        .and_where(db.dialect().is_one_of(Expr::col(id()), externals))
        .take();
    for row in db.rows(&select).await? {
        let id: String = row.try_get("", "id").map_err(Fault::of)?;
        objects.push(Object {
            key: value(id.as_str()),
            external: id,
            scope: stored_scope(&row)?,
        });
    }
    Ok(objects)
}

fn same_scope(child: impl IntoColumnRef) -> SimpleExpr {
    Expr::col((scope::Entity, scope::Column::Id)).equals(child)
}

fn stored_scope(row: &QueryResult) -> Result<Option<StoredScope>, Fault> {
    let id: Option<i64> = row.try_get("", "scope_id").map_err(Fault::of)?;
    let name: Option<String> = row.try_get("", "external_key").map_err(Fault::of)?;
    Ok(id.map(|id| StoredScope {
        id,
        is_named: name.is_some(),
    }))
}

/// The table that ties scopes to libraries or courses.
#[derive(Clone, Copy)]
struct Tie {
    table: &'static str,
    column: &'static str,
}

const LIBRARY: Tie = Tie {
    table: "authz_library_scopes",
    column: "content_library_id",
};
const COURSE: Tie = Tie {
    table: "authz_course_scopes",
    column: "course_overview_id",
};

/// The scope rows of the libraries and courses among `scopes` (stored keys), made where missing:
/// stored key to id. Patterns and other kinds have none. The caller holds the policy lock.
pub(crate) async fn ensure(tx: &Tx, scopes: &[&str]) -> Result<HashMap<String, i64>, Fault> {
    let mut libraries_wanted = Vec::new();
    let mut courses_wanted = Vec::new();
    for stored in scopes {
        let external = provost_keys::stored::external(stored);
        match Kind::of_stored(stored) {
            Some(Kind::Library) => libraries_wanted.push(external),
            Some(Kind::Course) => courses_wanted.push(external),
            _ => {}
        }
    }
    let known = libraries(tx, &libraries_wanted).await?;
    let mut ids = tie(tx, LIBRARY, &libraries_wanted, known).await?;
    let known = courses(tx, &courses_wanted).await?;
    ids.extend(tie(tx, COURSE, &courses_wanted, known).await?);
    let by_stored = scopes.iter().filter_map(|stored| {
        let id = ids.get(provost_keys::stored::external(stored))?;
        Some(((*stored).to_owned(), *id))
    });
    Ok(by_stored.collect())
}

/// Scope ids by external key, after making what is missing.
///
/// The row tied to the object wins, then the row of that name (made before the object was), then
/// a new one. A row without a name gets it; a row without its object gets it.
async fn tie(
    tx: &Tx,
    tie: Tie,
    wanted: &[&str],
    known: Vec<Object>,
) -> Result<HashMap<String, i64>, Fault> {
    let mut ids = HashMap::with_capacity(wanted.len());
    let mut keys = HashMap::with_capacity(known.len());
    let mut unnamed = Vec::new();
    for object in known {
        if let Some(scope) = object.scope {
            if !scope.is_named {
                unnamed.push(vec![value(scope.id), value(object.external.as_str())]);
            }
            ids.insert(object.external, scope.id);
        } else {
            keys.insert(object.external, object.key);
        }
    }
    name(tx, unnamed).await?;

    let mut missing: Vec<&str> = wanted.to_vec();
    missing.retain(|external| !ids.contains_key(*external));
    let mut ties = Vec::new();
    for (external, id) in by_name(tx, &missing).await? {
        if let Some(key) = keys.get(&external) {
            ties.push(vec![value(id), key.clone()]);
        }
        ids.insert(external, id);
    }
    missing.retain(|external| !ids.contains_key(*external));
    for (external, id) in make(tx, &missing).await? {
        let key = keys.get(&external).cloned();
        ties.push(vec![value(id), key.unwrap_or_else(|| Expr::cust("NULL"))]);
        ids.insert(external, id);
    }
    upsert_ties(tx, tie, ties).await?;
    Ok(ids)
}

/// Gives scope rows, by id, their names.
async fn name(tx: &Tx, rows: Vec<Vec<SimpleExpr>>) -> Result<(), Fault> {
    let naming = OnConflict::column("id")
        .update_column("external_key")
        .to_owned();
    Insert::into("authz_scopes", &["id", "external_key"])
        .on_conflict(naming)
        .run(tx, rows)
        .await
        .map(drop)
}

/// Makes scope rows of these names.
async fn make(tx: &Tx, externals: &[&str]) -> Result<Vec<(String, i64)>, Fault> {
    let rows = externals.iter().map(|external| vec![value(*external)]);
    Insert::into("authz_scopes", &["external_key"])
        .returning(tx, rows.collect(), &["external_key", "id"])
        .await?
        .iter()
        .map(named)
        .collect()
}

fn named(row: &QueryResult) -> Result<(String, i64), Fault> {
    let external = row.try_get("", "external_key").map_err(Fault::of)?;
    Ok((external, row.try_get("", "id").map_err(Fault::of)?))
}

async fn upsert_ties(tx: &Tx, tie: Tie, rows: Vec<Vec<SimpleExpr>>) -> Result<(), Fault> {
    let linking = OnConflict::column("scope_id")
        .update_column(tie.column)
        .to_owned();
    Insert::into(tie.table, &["scope_id", tie.column])
        .on_conflict(linking)
        .run(tx, rows)
        .await
        .map(drop)
}

async fn by_name(tx: &Tx, externals: &[&str]) -> Result<Vec<(String, i64)>, Fault> {
    let listed = tx
        .dialect()
        .is_one_of(Expr::col(scope::Column::ExternalKey), externals);
    let rows = tx.all(scope::Entity::find().filter(listed)).await?;
    let named = rows
        .into_iter()
        .filter_map(|row| Some((row.external_key?, row.id)));
    Ok(named.collect())
}

/// See [`courses::link_pending`](crate::courses::link_pending).
pub(crate) async fn link_pending(tx: &Tx) -> Result<u64, Fault> {
    let mut linked = 0;
    for pending in [LIBRARY, COURSE] {
        let waiting = waiting(tx, pending).await?;
        let externals: Vec<&str> = waiting.keys().map(String::as_str).collect();
        let objects = if pending.table == LIBRARY.table {
            libraries(tx, &externals).await?
        } else {
            courses(tx, &externals).await?
        };
        let ties: Vec<_> = objects
            .into_iter()
            // An object that another scope stands for already keeps that one.
            .filter(|object| object.scope.is_none())
            .filter_map(|object| Some(vec![value(*waiting.get(&object.external)?), object.key]))
            .collect();
        linked += ties.len() as u64;
        upsert_ties(tx, pending, ties).await?;
    }
    Ok(linked)
}

/// The named scopes that are tied to nothing yet.
async fn waiting(tx: &Tx, pending: Tie) -> Result<HashMap<String, i64>, Fault> {
    let untied = Query::select()
        .column("scope_id")
        .from(pending.table)
        .and_where(Expr::col(pending.column).is_null())
        .take();
    let select = scope::Entity::find()
        .select_only()
        .columns([scope::Column::ExternalKey, scope::Column::Id])
        .filter(scope::Column::ExternalKey.is_not_null())
        .filter(scope::Column::Id.in_subquery(untied));
    let rows = tx.rows(&select.into_query()).await?;
    rows.iter().map(named).collect()
}
