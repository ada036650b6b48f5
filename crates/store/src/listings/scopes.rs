//! Courses and content libraries that roles can be given in.

use provost_keys::text;
use provost_listing::{PageAsk, Slice};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{
    Condition, Expr, ExprTrait, NullOrdering, Order, Query, SelectStatement, SimpleExpr, UnionType,
};

use crate::tables::{content_library, course_overview, learning_package, organization};
use crate::{Db, Fault};

/// How far somebody reaches over the scopes of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Every scope.
    pub all: bool,
    /// Every scope of these orgs.
    pub orgs: Vec<String>,
    /// These external keys.
    pub keys: Vec<String>,
}

/// Which scopes are wanted.
#[derive(Clone, Debug)]
pub struct ScopesAsk {
    /// Courses within reach; no courses at all where there is nothing.
    pub courses: Option<Reach>,
    /// Libraries within reach; no libraries at all where there is nothing.
    pub libraries: Option<Reach>,
    /// Only scopes of exactly these orgs.
    pub orgs: Option<Vec<String>>,
    /// Only scopes in whose display name this occurs, whatever its case.
    pub search: Option<String>,
}

/// A course or a library.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ScopeRow {
    /// The external key.
    pub key: String,
    /// Short name of the org.
    pub org: String,
    /// Title, if there is one.
    pub display_name: Option<String>,
}

/// Alias of the courses and libraries together.
const S: &str = "s";

/// A page of scopes in the order of org, kind (courses first), title (missing first) and id.
pub async fn scopes(db: &Db, ask: &ScopesAsk, page: &PageAsk) -> Result<Slice<ScopeRow>, Fault> {
    let courses = ask.courses.as_ref().map(|reach| courses(db, ask, reach));
    let libraries = ask
        .libraries
        .as_ref()
        .map(|reach| libraries(db, ask, reach));
    let both = match (courses, libraries) {
        (Some(mut courses), Some(libraries)) => {
            courses.union(UnionType::Distinct, libraries);
            courses
        }
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return Ok(Slice::cut(Vec::new(), page)),
    };
    let mut rows = Query::select();
    rows.columns([(S, "key"), (S, "org"), (S, "display_name")])
        .from_subquery(both.clone(), S)
        .order_by((S, "org"), Order::Asc)
        .order_by((S, "kind"), Order::Asc)
        .order_by_with_nulls((S, "display_name"), Order::Asc, NullOrdering::First)
        .order_by((S, "id"), Order::Asc);
    let count = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(both, S)
        .take();
    super::page(db, rows, &count, page, None).await
}

fn courses(db: &Db, ask: &ScopesAsk, reach: &Reach) -> SelectStatement {
    let id = Expr::col((course_overview::Entity, course_overview::Column::Id));
    let org = Expr::col((course_overview::Entity, course_overview::Column::Org));
    let found = course_overview::Column::DisplayNameLower;
    Query::select()
        .expr_as(Expr::val("course"), "kind")
        .expr_as(id.clone(), "id")
        .expr_as(id.clone(), "key")
        .expr_as(org.clone(), "org")
        .expr_as(
            Expr::col((
                course_overview::Entity,
                course_overview::Column::DisplayName,
            )),
            "display_name",
        )
        .from(course_overview::Entity)
        .cond_where(wanted(db, ask, reach, &org, id))
        .cond_where(named(db, ask, Expr::col((course_overview::Entity, found))))
        .take()
}

/// Libraries take their org from the organization's row: one without is in nobody's reach.
fn libraries(db: &Db, ask: &ScopesAsk, reach: &Reach) -> SelectStatement {
    let slug = Expr::col((content_library::Entity, content_library::Column::Slug));
    let org = Expr::col((organization::Entity, organization::Column::ShortName));
    let key = Expr::cust(
        r#"'lib:' || "organizations"."short_name" || ':' || "content_libraries"."slug""#,
    );
    let found = learning_package::Column::TitleLower;
    Query::select()
        .expr_as(Expr::val("library"), "kind")
        .expr_as(slug, "id")
        .expr_as(key.clone(), "key")
        .expr_as(org.clone(), "org")
        .expr_as(
            Expr::col((learning_package::Entity, learning_package::Column::Title)),
            "display_name",
        )
        .from(content_library::Entity)
        .inner_join(
            organization::Entity,
            Expr::col((organization::Entity, organization::Column::Id))
                .equals((content_library::Entity, content_library::Column::OrgId)),
        )
        .left_join(
            learning_package::Entity,
            Expr::col((learning_package::Entity, learning_package::Column::Id)).equals((
                content_library::Entity,
                content_library::Column::LearningPackageId,
            )),
        )
        .cond_where(wanted(db, ask, reach, &org, key))
        .cond_where(named(db, ask, Expr::col((learning_package::Entity, found))))
        .take()
}

/// What is within reach and of a wanted org.
fn wanted(db: &Db, ask: &ScopesAsk, reach: &Reach, org: &SimpleExpr, key: SimpleExpr) -> Condition {
    let reached = (!reach.all).then(|| {
        Condition::any()
            .add(db.dialect().is_one_of(org.clone(), &reach.orgs))
            .add(db.dialect().is_one_of(key, &reach.keys))
    });
    let orgs = ask
        .orgs
        .as_ref()
        .map(|orgs| db.dialect().is_one_of(org.clone(), orgs));
    Condition::all().add_option(reached).add_option(orgs)
}

/// What has the search text in its title.
fn named(db: &Db, ask: &ScopesAsk, title: SimpleExpr) -> Condition {
    let text = ask.search.as_deref().map(text::fold);
    Condition::all().add_option(text.map(|text| db.dialect().contains(title, &text)))
}
