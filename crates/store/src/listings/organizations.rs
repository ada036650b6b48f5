//! Organizations that somebody may see.

use chrono::{DateTime, Utc};
use provost_keys::text;
use provost_listing::{PageAsk, Slice};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};

use crate::derive;
use crate::tables::organization;
use crate::{Db, Fault};

/// An active organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationRow {
    /// The key.
    pub id: i64,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it was last changed.
    pub modified: DateTime<Utc>,
    /// The name.
    pub name: String,
    /// The short name, as scope keys have it.
    pub short_name: String,
    /// The description, if there is one.
    pub description: Option<String>,
    /// Path of the logo; empty where there is none.
    pub logo: String,
}

/// A page of the active organizations, in the order of the bytes of their names.
///
/// `visible` holds the short names that may be seen, or nothing where all may. Every term must
/// occur in the name or the short name, whatever its case.
pub async fn organizations(
    db: &Db,
    visible: Option<&[String]>,
    terms: &[String],
    ask: &PageAsk,
) -> Result<Slice<OrganizationRow>, Fault> {
    let condition = wanted(db, visible, terms);
    let mut rows = selected();
    rows.cond_where(condition.clone())
        .order_by(organization::Column::Name, Order::Asc)
        .order_by(organization::Column::Id, Order::Asc);
    let count = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from(organization::Entity)
        .cond_where(condition)
        .take();
    let slice: Slice<organization::Model> = super::page(db, rows, &count, ask, None).await?;
    let Slice {
        rows,
        total,
        window,
    } = slice;
    let rows = rows
        .into_iter()
        .map(OrganizationRow::try_from)
        .collect::<Result<_, _>>()?;
    Ok(Slice {
        rows,
        total,
        window,
    })
}

fn wanted(db: &Db, visible: Option<&[String]>, terms: &[String]) -> Condition {
    let mut condition = active();
    if let Some(names) = visible {
        let short_name = Expr::col(organization::Column::ShortName);
        condition = condition.add(db.dialect().is_one_of(short_name, names));
    }
    if !terms.is_empty() {
        let terms: Vec<String> = terms.iter().map(|term| text::fold(term)).collect();
        let names = [
            organization::Column::NameLower,
            organization::Column::ShortNameLower,
        ];
        condition = condition.add(db.dialect().contains_each(&names.map(Expr::col), &terms));
    }
    condition
}

/// The active organizations with exactly these short names.
pub async fn organizations_named(
    db: &Db,
    short_names: &[String],
) -> Result<Vec<OrganizationRow>, Fault> {
    let short_name = Expr::col(organization::Column::ShortName);
    let mut select = selected();
    select.cond_where(active().add(db.dialect().is_one_of(short_name, short_names)));
    let rows: Vec<organization::Model> = db.list(&select).await?;
    rows.into_iter().map(OrganizationRow::try_from).collect()
}

fn active() -> Condition {
    Condition::all().add(Expr::col(organization::Column::Active).eq(true))
}

fn selected() -> SelectStatement {
    use sea_orm::{EntityTrait, QueryTrait};
    organization::Entity::find().into_query()
}

impl TryFrom<organization::Model> for OrganizationRow {
    type Error = Fault;

    fn try_from(row: organization::Model) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            created: derive::time(row.created)?,
            modified: derive::time(row.modified)?,
            name: row.name,
            short_name: row.short_name,
            description: row.description,
            logo: row.logo,
        })
    }
}
