//! Templates: what new tenants and groups are made like.

use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use crate::batch::{Insert, value};
use crate::select::{self, one};
use crate::tenants::Object;
use crate::{Db, Fault, Tx, derive};

/// A template.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The key.
    pub id: i64,
    /// What it is a template of.
    pub category: String,
    /// The name; unique in its category, compared exactly.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What it says.
    pub data: Object,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    category: String,
    name: String,
    description: String,
    data: String,
}

impl TryFrom<Row> for Template {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            category: row.category,
            name: row.name,
            description: row.description,
            data: derive::object(&row.data)?,
        })
    }
}

const TABLE: &str = "profile_templates";

fn of(category: &str) -> SelectStatement {
    Query::select()
        .columns(["id", "category", "name", "description", "data"])
        .from(TABLE)
        .and_where(Expr::col("category").eq(category))
        .order_by("name", Order::Asc)
        .take()
}

/// The names of the templates of a category, with what each is for, by name.
pub async fn list(db: &Db, category: &str) -> Result<Vec<(String, String)>, Fault> {
    let mut select = of(category);
    select.clear_selects().columns(["name", "description"]);
    select::pairs(db, &select).await
}

/// The template of exactly this name in a category.
pub async fn find(db: &Db, category: &str, name: &str) -> Result<Option<Template>, Fault> {
    if name.contains('\0') {
        return Ok(None);
    }
    let named = Expr::col("name").eq(name);
    let row: Option<Row> = one(db, of(category).and_where(named)).await?;
    row.map(Template::try_from).transpose()
}

/// Makes a template, whatever its key says. [`Fault::Duplicate`] with
/// [`ProfileTemplate`](crate::Constraint::ProfileTemplate) when its category has one of that name.
pub async fn create(tx: &Tx, template: &Template) -> Result<(), Fault> {
    let row = vec![
        value(template.category.as_str()),
        value(template.name.as_str()),
        value(template.description.as_str()),
        value(derive::written(&template.data)?),
    ];
    Insert::into(TABLE, &["category", "name", "description", "data"])
        .run(tx, vec![row])
        .await
        .map(drop)
}

/// Writes what the template with this key is for, and what it says.
pub async fn change(tx: &Tx, template: &Template) -> Result<(), Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("description", template.description.as_str())
        .value("data", derive::written(&template.data)?)
        .and_where(Expr::col("id").eq(template.id))
        .take();
    tx.run(&update).await.map(drop)
}

/// Removes a template.
pub async fn remove(tx: &Tx, id: i64) -> Result<bool, Fault> {
    select::remove(tx, TABLE, id).await
}
