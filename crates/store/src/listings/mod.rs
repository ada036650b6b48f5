//! The lists of the AuthZ API, a page of each in one statement beside its count.
//!
//! Two shapes serve every list of people and assignments. Where nothing narrows the rows, the
//! users are walked in the order of an index and their assignments looked up, so that a page
//! costs its rows. Where something does (a filter, or what the viewer may see), the assignments
//! that pass are found by their own indexes and the users looked up from them.

mod assignments;
mod members;
mod organizations;
mod people;
mod scopes;

pub use assignments::{AssignmentOrder, AssignmentRow, assignments};
pub use members::{Member, MemberOrder, MembersAsk, members};
pub use organizations::{OrganizationRow, organizations, organizations_named};
pub use people::{PeopleOrder, Person, people};
pub use scopes::{Reach, ScopeRow, ScopesAsk, scopes};

use provost_keys::stored;
use provost_listing::{Direction, PageAsk, Slice};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, SelectStatement, SimpleExpr};

use crate::tables::{casbin_rule, user};
use crate::{Db, Fault};

/// What is allowed to be seen of keys that share a space, such as stored scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Everything.
    All,
    /// Keys that equal one of `exact` or begin with one of `prefixes`.
    Only {
        /// Whole keys.
        exact: Vec<String>,
        /// Beginnings of keys.
        prefixes: Vec<String>,
    },
}

/// Which assignments a list is about.
#[derive(Clone, Debug)]
pub struct Filter {
    /// What the viewer may see, as stored scopes.
    pub seen: Seen,
    /// Only assignments to this username.
    pub username: Option<String>,
    /// Only assignments on one of these external scope keys.
    pub scopes: Option<Vec<String>>,
    /// Only assignments on scopes of one of these orgs.
    pub orgs: Option<Vec<String>>,
    /// Only assignments of one of these role names.
    pub roles: Option<Vec<String>>,
    /// Only people in whose folded username, full name or mail address this occurs.
    pub search: Option<String>,
}

impl Filter {
    /// Whether the assignments are narrowed by anything but their user.
    fn narrows(&self) -> bool {
        self.seen != Seen::All
            || self.username.is_some()
            || self.scopes.is_some()
            || self.orgs.is_some()
            || self.roles.is_some()
    }

    /// Assignments, aliased `g`, that the list is about. Rows whose scope means nothing are
    /// left out: they have no org to sort by, not even an empty one.
    fn of_assignments(&self, db: &Db) -> Condition {
        let column = |name: casbin_rule::Column| column(G, name);
        let list = |name, values: &Option<Vec<String>>| {
            let values = values.as_ref()?;
            Some(db.dialect().is_one_of(column(name), values))
        };
        let stored_scopes = self.scopes.as_ref().map(|keys| {
            keys.iter()
                .map(|key| stored::scope(key.split(':').next().unwrap_or_default(), key))
                .collect()
        });
        let stored_roles = self
            .roles
            .as_ref()
            .map(|names| names.iter().map(|name| stored::role(name)).collect());
        let subject = self.username.as_deref().map(stored::user);
        Condition::all()
            .add(column(casbin_rule::Column::Ptype).eq("g"))
            .add(column(casbin_rule::Column::ScopeOrgLower).is_not_null())
            .add_option(subject.map(|subject| equals(column(casbin_rule::Column::V0), &subject)))
            .add_option(list(casbin_rule::Column::V2, &stored_scopes))
            .add_option(list(casbin_rule::Column::ScopeOrg, &self.orgs))
            .add_option(list(casbin_rule::Column::V1, &stored_roles))
            .add_option(self.seen.of(db, &column(casbin_rule::Column::V2)))
    }

    /// Active users, aliased `u`, in whom the search text occurs.
    fn of_users(&self, db: &Db) -> Condition {
        let found = self.search.as_deref().map(|text| {
            [
                user::Column::UsernameLower,
                user::Column::FullNameLower,
                user::Column::EmailLower,
            ]
            .into_iter()
            .fold(Condition::any(), |any, name| {
                any.add(db.dialect().contains(column(U, name), text))
            })
        });
        Condition::all()
            .add(column(U, user::Column::IsActive).eq(true))
            .add_option(found)
    }
}

impl Seen {
    /// Keeps what is seen of a column; nothing to keep apart where all is.
    pub(crate) fn of(&self, db: &Db, column: &SimpleExpr) -> Option<Condition> {
        let Self::Only { exact, prefixes } = self else {
            return None;
        };
        let seen = Condition::any().add(db.dialect().is_one_of(column.clone(), exact));
        let begins = prefixes.iter().map(|prefix| {
            // Every key that begins with the prefix, and no other, lies between these two,
            // since keys are compared by their bytes.
            let from = column.clone().gte(prefix.as_str());
            from.and(column.clone().lt(format!("{prefix}{}", char::MAX)))
        });
        Some(seen.add_option(any_of(begins.collect())))
    }
}

/// Whether a column equals a text. No stored text contains a null character.
fn equals(column: SimpleExpr, text: &str) -> SimpleExpr {
    if text.contains('\0') {
        return Expr::cust("1 = 0");
    }
    column.eq(text)
}

/// Whether one of the conditions holds; nothing where there are none. They are nested by halves: in
/// one chain a thousand of them would be deeper than SQLite allows.
fn any_of(mut conditions: Vec<SimpleExpr>) -> Option<SimpleExpr> {
    if conditions.len() < 2 {
        return conditions.pop();
    }
    let half = conditions.split_off(conditions.len() / 2);
    let (one, other) = (any_of(conditions)?, any_of(half)?);
    Some(one.or(other))
}

/// Alias of the assignments.
const G: &str = "g";
/// Alias of the users.
const U: &str = "u";

/// A column of an aliased table.
fn column<C: sea_orm::sea_query::Iden + Copy + 'static>(
    alias: &'static str,
    name: C,
) -> SimpleExpr {
    Expr::col((alias, name))
}

/// The subject of the user in `u`.
fn subject_of_user() -> SimpleExpr {
    Expr::cust(r#"'user^' || "u"."username""#)
}

/// The username of the subject in `g`.
fn username_of_subject() -> SimpleExpr {
    Expr::cust(r#"substr("g"."v0", 6)"#)
}

fn order(direction: Direction) -> Order {
    match direction {
        Direction::Ascending => Order::Asc,
        Direction::Descending => Order::Desc,
    }
}

/// Counts, unless the total is known, and reads the rows of the page that is asked for.
async fn page<R: FromQueryResult>(
    db: &Db,
    mut rows: SelectStatement,
    count: &SelectStatement,
    ask: &PageAsk,
    total: Option<u64>,
) -> Result<Slice<R>, Fault> {
    let total = if let Some(total) = total {
        total
    } else {
        let counted: Vec<i64> = db.column(count).await?;
        counted.first().map_or(0, |count| count.unsigned_abs())
    };
    let window = ask.window(total);
    let rows = match window {
        Some(window) if total > 0 => {
            rows.limit(window.limit).offset(window.offset);
            db.list(&rows).await?
        }
        _ => Vec::new(),
    };
    Ok(Slice {
        rows,
        total,
        window,
    })
}
