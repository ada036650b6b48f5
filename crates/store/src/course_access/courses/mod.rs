//! The courses of an organization: who may see them, the flags that make them public and their
//! links to groups.

mod flags;
mod links;

pub use flags::{Flag, change_flag, create_flag, flag, flags, lock_flag, remove_flag};
pub use links::{GroupCourse, change_link, create_link, link, links, lock_link, remove_link};

use std::collections::HashMap;

use provost_listing::{LimitAsk, Slice};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoTableRef, Order, Query, SelectStatement};
use sea_orm::{FromQueryResult, JoinType};

use super::{C, CourseRef, G, Named, O, R, column, cut, found, one, total_of, with_group};
use crate::{Db, Fault};

/// A course that an organization offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The key, `course-v1:Org+Course+Run`.
    pub id: String,
    /// Its title, if there is one.
    pub name: Option<String>,
    /// The key of the flag that makes it public, if there is one.
    pub public: Option<i64>,
    /// The links to groups, in the order of their keys: key and group.
    pub links: Vec<(i64, Named)>,
}

/// Which courses are wanted; all of these must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoursesFilter {
    /// Terms, each of which occurs in key or title, whatever its case.
    pub search: Vec<String>,
    /// Whether the course must be public, or must not be.
    pub public: Option<bool>,
    /// A group to which there is a link.
    pub group: Option<i64>,
    /// Whether there must be no link at all, or any: then there is a row for each link.
    pub no_group: Option<bool>,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    name: Option<String>,
    public: Option<i64>,
}

/// Whose groups are seen among the links of a course.
#[derive(Clone, Copy)]
enum Seen {
    Everyones,
    Of(i64),
}

impl Seen {
    fn of(organization: i64, foreign_links: bool) -> Self {
        if foreign_links {
            Self::Everyones
        } else {
            Self::Of(organization)
        }
    }

    /// The links `r` that are seen, each with its group.
    fn links(self) -> SelectStatement {
        let mut links = super::from("group_courses");
        with_group(&mut links);
        if let Self::Of(organization) = self {
            links.and_where(column(G, "organization_id").eq(organization));
        }
        links
    }

    /// The keys of the links of the course in `o` that are seen.
    fn of_course(self) -> SelectStatement {
        self.links()
            .clear_selects()
            .column((R, "id"))
            .and_where(column(R, "course_id").eq(column(O, "course_id")))
            .take()
    }
}

/// Alias of the flags of courses.
const F: &str = "f";
/// Alias of the links that courses are repeated for.
const L: &str = "l";

/// The courses that the organization offers, aliased as `o`; walked in the order of their keys.
fn offers(organization: i64) -> SelectStatement {
    // A cross join keeps its order in SQLite.
    Query::select()
        .from_as("organization_courses", O)
        .cross_join("course_overviews".into_table_ref().alias(C))
        .and_where(column(O, "organization_id").eq(organization))
        .and_where(column(O, "active").eq(true))
        .and_where(column(C, "id").eq(column(O, "course_id")))
        .take()
}

fn shown(organization: i64) -> SelectStatement {
    offers(organization)
        .column((C, "id"))
        .expr_as(column(C, "display_name"), "name")
        .expr_as(column(F, "id"), "public")
        .join_as(
            JoinType::LeftJoin,
            "public_courses",
            F,
            column(F, "course_id").eq(column(O, "course_id")),
        )
        .order_by((O, "course_id"), Order::Asc)
        .take()
}

/// A page of the courses that the organization offers, in the order of the bytes of their keys, or
/// of their links where there is a row for each; `total` where it is known.
///
/// With `foreign_links`, links to groups of other organizations are shown and counted as well.
pub async fn page(
    db: &Db,
    organization: i64,
    filter: &CoursesFilter,
    foreign_links: bool,
    ask: &LimitAsk,
    total: Option<u64>,
) -> Result<Slice<Course>, Fault> {
    let seen = Seen::of(organization, foreign_links);
    let mut rows = shown(organization);
    rows.cond_where(wanted(db, filter, seen));
    if filter.no_group == Some(false) {
        rows.cross_join("group_courses".into_table_ref().alias(L))
            .and_where(column(L, "course_id").eq(column(O, "course_id")))
            .and_where(column(L, "id").in_subquery(seen.of_course()))
            .order_by((L, "id"), Order::Asc);
    }
    let total = total_of(db, rows.clone().clear_order_by(), total).await?;
    let rows = if cut(&mut rows, ask, total) {
        whole(db, seen, db.list(&rows).await?).await?
    } else {
        Vec::new()
    };
    Ok(Slice::new(rows, total, ask.window()))
}

/// The course with this key, if the organization offers it. `foreign_links` as with [`page`].
pub async fn find(
    db: &Db,
    organization: i64,
    key: &str,
    foreign_links: bool,
) -> Result<Option<Course>, Fault> {
    let mut select = shown(organization);
    let row = one(db, select.and_where(column(O, "course_id").eq(key))).await?;
    let seen = Seen::of(organization, foreign_links);
    Ok(whole(db, seen, row.into_iter().collect()).await?.pop())
}

/// The course with this key, if it exists and the organization offers it: it may then be linked
/// to the organization's groups and made public.
pub async fn offered(db: &Db, organization: i64, key: &str) -> Result<Option<CourseRef>, Fault> {
    let select = offers(organization)
        .expr_as(column(C, "id"), "course_id")
        .expr_as(column(C, "display_name"), "course_name")
        .and_where(column(O, "course_id").eq(key))
        .take();
    one(db, &select).await
}

fn wanted(db: &Db, filter: &CoursesFilter, seen: Seen) -> Condition {
    let public = filter.public.map(|public| {
        let flag = column(F, "id");
        if public {
            flag.is_not_null()
        } else {
            flag.is_null()
        }
    });
    let any = |mut links: SelectStatement| Expr::exists(links.limit(1).take());
    let group = filter.group.map(|group| {
        any(seen
            .of_course()
            .and_where(column(R, "group_id").eq(group))
            .take())
    });
    let ungrouped = (filter.no_group == Some(true)).then(|| any(seen.of_course()).not());
    let searched = [
        column(C, "id_lower"),
        column(C, "display_name_lower").if_null(""),
    ];
    Condition::all()
        .add_option(public)
        .add_option(group)
        .add_option(ungrouped)
        .add_option(found(db, &searched, &filter.search))
}

/// The courses with their links.
async fn whole(db: &Db, seen: Seen, rows: Vec<Row>) -> Result<Vec<Course>, Fault> {
    let links = links_of(db, seen, &rows).await?;
    let whole = rows.into_iter().map(|row| Course {
        // A course may have several rows.
        links: links.get(&row.id).cloned().unwrap_or_default(),
        id: row.id,
        name: row.name,
        public: row.public,
    });
    Ok(whole.collect())
}

async fn links_of(
    db: &Db,
    seen: Seen,
    courses: &[Row],
) -> Result<HashMap<String, Vec<(i64, Named)>>, Fault> {
    #[derive(FromQueryResult)]
    struct Link {
        id: i64,
        course_id: String,
        #[sea_orm(nested)]
        group: Named,
    }
    let mut links: HashMap<String, Vec<(i64, Named)>> = HashMap::new();
    if courses.is_empty() {
        return Ok(links);
    }
    let keys: Vec<&str> = courses.iter().map(|row| row.id.as_str()).collect();
    let select = seen
        .links()
        .columns([(R, "id"), (R, "course_id")])
        .and_where(db.dialect().is_one_of(column(R, "course_id"), &keys))
        .order_by((R, "id"), Order::Asc)
        .take();
    for link in db.list::<Link>(&select).await? {
        let of_course = links.entry(link.course_id).or_default();
        of_course.push((link.id, link.group));
    }
    Ok(links)
}
