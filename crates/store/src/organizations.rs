//! Organizations.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use provost_keys::text;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryResult, QuerySelect, QueryTrait};

use crate::batch::{Insert, distinct, value};
use crate::tables::organization::{Column, Entity, Model};
use crate::{Db, Fault, Tx, derive};

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// The key.
    pub id: i64,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it was last changed.
    pub modified: DateTime<Utc>,
    /// What people call it.
    pub name: String,
    /// Unique; the org in the keys of courses and libraries.
    pub short_name: String,
    /// What it is.
    pub description: Option<String>,
    /// The path of an image below the media address; empty when there is none.
    pub logo: String,
    /// Whether listings show it.
    pub active: bool,
}

impl TryFrom<Model> for Organization {
    type Error = Fault;

    fn try_from(row: Model) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            created: derive::time(row.created)?,
            modified: derive::time(row.modified)?,
            name: row.name,
            short_name: row.short_name,
            description: row.description,
            logo: row.logo,
            active: row.active,
        })
    }
}

/// An organization to be made: short name, name, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganization {
    /// See [`Organization::short_name`].
    pub short_name: String,
    /// See [`Organization::name`].
    pub name: String,
    /// See [`Organization::description`].
    pub description: Option<String>,
    /// See [`Organization::logo`].
    pub logo: String,
    /// See [`Organization::active`].
    pub active: bool,
    /// See [`Organization::created`].
    pub created: DateTime<Utc>,
}

/// Makes an organization; its key. [`Fault::Duplicate`] with
/// [`OrganizationShortName`](crate::Constraint::OrganizationShortName) when the name is taken.
pub async fn create(tx: &Tx, new: &NewOrganization) -> Result<i64, Fault> {
    Insert::into("organizations", &COLUMNS)
        .one_id(tx, row(new))
        .await
}

const COLUMNS: [&str; 10] = [
    "created",
    "modified",
    "name",
    "name_lower",
    "short_name",
    "short_name_lower",
    "description",
    "logo",
    "active",
    "extra",
];

/// Values in the order of [`COLUMNS`].
fn row(new: &NewOrganization) -> Vec<SimpleExpr> {
    let created = derive::micros(new.created);
    vec![
        value(created),
        value(created),
        value(new.name.as_str()),
        value(text::fold(&new.name)),
        value(new.short_name.as_str()),
        value(text::fold(&new.short_name)),
        value(new.description.clone()),
        value(new.logo.as_str()),
        value(new.active),
        value("{}"),
    ]
}

/// Makes the organizations of these short names that are missing, active and called the same; their
/// keys and short names, in the order in which they are first named.
pub async fn ensure(
    tx: &Tx,
    short_names: &[&str],
    now: DateTime<Utc>,
) -> Result<Vec<(i64, String)>, Fault> {
    if short_names.is_empty() {
        return Ok(Vec::new());
    }
    let there = existing(tx, short_names).await?;
    // Nobody else writes meanwhile.
    let missing = distinct(short_names.iter().copied())
        .into_iter()
        .filter(|short_name| !there.contains(*short_name));
    let rows = missing.map(|short_name| {
        row(&NewOrganization {
            short_name: short_name.to_owned(),
            name: short_name.to_owned(),
            description: None,
            logo: String::new(),
            active: true,
            created: now,
        })
    });
    let made = Insert::into("organizations", &COLUMNS)
        .returning(tx, rows.collect(), &["id", "short_name"])
        .await?;
    let pair = |row: &QueryResult| Ok((row.try_get("", "id")?, row.try_get("", "short_name")?));
    let mut made = made
        .iter()
        .map(|row| pair(row).map_err(Fault::of))
        .collect::<Result<Vec<(i64, String)>, Fault>>()?;
    made.sort_unstable();
    Ok(made)
}

/// The organization with exactly this short name, active or not.
pub async fn find(db: &Db, short_name: &str) -> Result<Option<Organization>, Fault> {
    let select = Entity::find().filter(Column::ShortName.eq(short_name));
    db.one(select)
        .await?
        .map(Organization::try_from)
        .transpose()
}

/// Those of the short names that an organization has, active or not.
pub async fn existing(db: &Db, short_names: &[&str]) -> Result<HashSet<String>, Fault> {
    let listed = db
        .dialect()
        .is_one_of(Expr::col(Column::ShortName), short_names);
    let select = Entity::find()
        .select_only()
        .column(Column::ShortName)
        .filter(listed);
    Ok(db.column(&select.into_query()).await?.into_iter().collect())
}
