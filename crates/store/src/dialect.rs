//! Where the two databases differ: every text of SQL that is not built, both versions side by side.

use std::time::Duration;

use sea_orm::DbBackend;
use sea_orm::sea_query::{
    ArrayType, BinOper, Condition, Expr, ExprTrait, Func, FunctionCall, IntoTableRef, JoinType,
    Query, SelectStatement, SimpleExpr, Value,
};

/// Which database a [`Store`](crate::Store) is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, in a file.
    Sqlite,
    /// PostgreSQL, on a server.
    Postgres,
}

impl Dialect {
    /// The dialect an address names: `sqlite:`, `postgres:` or `postgresql:`.
    pub(crate) fn of_url(url: &str) -> Option<Self> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            _ => None,
        }
    }

    pub(crate) fn of(backend: DbBackend) -> Self {
        match backend {
            DbBackend::Sqlite => Self::Sqlite,
            _ => Self::Postgres,
        }
    }

    pub(crate) fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }

    /// How many values one statement may carry (PostgreSQL counts them in 16 bits).
    pub(crate) fn most_values(self) -> usize {
        match self {
            Self::Sqlite => 32_766,
            Self::Postgres => 65_535,
        }
    }

    /// What a text column adds to its type, so that both databases compare bytes: SQLite does
    /// already, PostgreSQL would follow the language of the server.
    pub(crate) fn text_collation(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(r#"COLLATE "C""#),
        }
    }

    /// Whether the database lets two transactions write at once, so that writers take a lock of ours.
    /// SQLite's `BEGIN IMMEDIATE` holds the only write lock there is.
    pub(crate) fn has_many_writers(self) -> bool {
        self == Self::Postgres
    }

    /// Lets a reference be checked at the end of a transaction. SQLite can do that for every
    /// reference (see [`Self::defer_references`]).
    pub(crate) fn make_deferrable(self, table: &str, constraint: &str) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(format!(
                r#"ALTER TABLE "{table}" ALTER CONSTRAINT "{constraint}" DEFERRABLE INITIALLY IMMEDIATE"#
            )),
        }
    }

    /// References are checked when the current transaction commits.
    pub(crate) fn defer_references(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA defer_foreign_keys = ON",
            Self::Postgres => "SET CONSTRAINTS ALL DEFERRED",
        }
    }

    /// Whether `column` equals one of the texts: one parameter, however many there are. No stored
    /// text contains a null character, so none equals one that does.
    pub(crate) fn is_one_of<S: AsRef<str>>(
        self,
        column: impl Into<SimpleExpr>,
        texts: &[S],
    ) -> SimpleExpr {
        let texts = texts.iter().map(AsRef::as_ref);
        let texts = || {
            texts
                .clone()
                .filter(|text| !text.contains('\0'))
                .map(str::to_owned)
        };
        match self {
            Self::Sqlite => among(column.into(), &texts().collect()),
            Self::Postgres => any(
                column.into(),
                ArrayType::String,
                texts().map(Value::from).collect(),
            ),
        }
    }

    /// Whether `column` equals one of the numbers: one parameter, however many there are.
    pub(crate) fn is_one_of_ids(self, column: impl Into<SimpleExpr>, ids: &[i64]) -> SimpleExpr {
        match self {
            Self::Sqlite => among(column.into(), &ids.to_vec().into()),
            Self::Postgres => any(
                column.into(),
                ArrayType::BigInt,
                ids.iter().copied().map(Value::from).collect(),
            ),
        }
    }

    /// Whether `text` occurs in `column`. No character of it means anything else.
    pub(crate) fn contains(self, column: impl Into<SimpleExpr>, text: &str) -> SimpleExpr {
        SimpleExpr::from(self.place(column.into(), Expr::val(text))).gt(0)
    }

    /// Whether `column` begins with `text`. No character of it means anything else.
    pub(crate) fn starts_with(self, column: impl Into<SimpleExpr>, text: &str) -> SimpleExpr {
        SimpleExpr::from(self.place(column.into(), Expr::val(text))).eq(1)
    }

    /// The place of `text` in `column` from 1, or 0.
    fn place(self, column: SimpleExpr, text: SimpleExpr) -> FunctionCall {
        let place = match self {
            Self::Sqlite => Func::cust("instr"),
            Self::Postgres => Func::cust("strpos"),
        };
        place.arg(column).arg(text)
    }

    /// Whether each of `texts` occurs in one of `columns`, which are never null: one parameter,
    /// however many texts there are.
    ///
    /// A condition for each text would nest as deep as there are texts, and a request may have
    /// thousands: deeper than SQLite allows and than a thread's stack is.
    pub(crate) fn contains_each(self, columns: &[SimpleExpr], texts: &[String]) -> SimpleExpr {
        let listed = match self {
            Self::Sqlite => {
                let texts = serde_json::Value::from(texts.to_vec()).to_string();
                Func::cust("json_each").arg(texts)
            }
            Self::Postgres => {
                let texts = texts.iter().cloned().map(Value::from).collect();
                let texts = Value::Array(ArrayType::String, Some(Box::new(texts)));
                Func::cust("unnest").arg(Expr::val(texts))
            }
        };
        // PostgreSQL names the column of such a table as the table, SQLite names it `value`.
        let text = || Expr::col(("value", "value"));
        let occurs = columns.iter().fold(Condition::any(), |any, column| {
            any.add(SimpleExpr::from(self.place(column.clone(), text())).gt(0))
        });
        let absent = Query::select()
            .expr(Expr::val(1))
            .from_function(listed, "value")
            .cond_where(occurs.not())
            .take();
        Expr::exists(absent).not()
    }

    /// Joins to each row of a selection the rows of `table`, as `alias`, whose `id` is among `ids`:
    /// a selection in which the columns of the row stand, with an order and a limit of its own.
    pub(crate) fn join_limited(
        self,
        select: &mut SelectStatement,
        (table, alias): (&'static str, &'static str),
        ids: SelectStatement,
    ) {
        match self {
            Self::Sqlite => select
                .cross_join(table.into_table_ref().alias(alias))
                .and_where(Expr::col((alias, "id")).in_subquery(ids)),
            Self::Postgres => {
                select.join_lateral(JoinType::InnerJoin, ids, alias, Expr::cust("TRUE"))
            }
        };
    }

    /// The value that makes the database choose the next key of a column `id`.
    pub(crate) fn next_key(self) -> SimpleExpr {
        match self {
            Self::Sqlite => Expr::cust("NULL"),
            Self::Postgres => Expr::cust("DEFAULT"),
        }
    }

    /// Makes the next key of `table` greater than all that were written with the row. It never goes
    /// back, so that the key of a row that went is not given to another. `SQLite` sees to it by itself.
    pub(crate) fn advance_sequence(self, table: &str) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), top.id) \
                 FROM (SELECT MAX(id) AS id FROM {table}) AS top, {table}_id_seq AS given \
                 WHERE top.id > given.last_value \
                 OR (top.id = given.last_value AND NOT given.is_called)"
            )),
        }
    }

    /// What each connection of `PostgreSQL` is told first; `SQLite`'s are told by their options.
    ///
    /// Only transactions that ask for it may write, so that a write through [`Store::read`] is
    /// refused by both databases and cannot work on one of them only. Nobody waits longer for
    /// another writer than `SQLite` would.
    ///
    /// [`Store::read`]: crate::Store::read
    pub(crate) fn greeting(patience: Duration) -> String {
        format!(
            "SET default_transaction_read_only = on; SET lock_timeout = {}",
            patience.as_millis()
        )
    }
}

/// `column IN (SELECT value FROM json_each(?))`
fn among(column: SimpleExpr, values: &serde_json::Value) -> SimpleExpr {
    let listed = Expr::cust_with_values("(SELECT value FROM json_each(?))", [values.to_string()]);
    column.binary(BinOper::In, listed)
}

/// `column = ANY($1)`
fn any(column: SimpleExpr, kind: ArrayType, values: Vec<Value>) -> SimpleExpr {
    let listed = Value::Array(kind, Some(Box::new(values)));
    column.eq(Func::cust("ANY").arg(Expr::val(listed)))
}
