//! A table as a migration writes it: columns by kind, indexes, references.

use sea_orm::sea_query::{
    ColumnDef, ForeignKey, ForeignKeyAction, Index, IndexCreateStatement, IndexOrder, Table,
    TableCreateStatement,
};

use crate::fault::unique_name;
use crate::{Db, Dialect, Fault};

pub(super) struct Sheet {
    name: &'static str,
    dialect: Dialect,
    table: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
    references: Vec<String>,
}

/// What happens to a row when the row it refers to is removed.
#[derive(Clone, Copy)]
pub(super) enum OnRemoval {
    /// It goes too.
    Cascade,
    /// The reference becomes null.
    Forget,
    /// It stays, and so does the row that it refers to: the removal is refused.
    Refuse,
}

/// A table without columns.
pub(super) fn sheet(db: &Db, name: &'static str) -> Sheet {
    let mut table = Table::create();
    table.table(name);
    Sheet {
        name,
        dialect: db.dialect(),
        table,
        indexes: Vec::new(),
        references: Vec::new(),
    }
}

impl Sheet {
    fn column(mut self, mut column: ColumnDef) -> Self {
        self.table.col(&mut column);
        self
    }

    fn columns(self, names: &[&'static str], define: impl Fn(&mut ColumnDef)) -> Self {
        names.iter().fold(self, |sheet, name| {
            let mut column = ColumnDef::new(*name);
            define(&mut column);
            sheet.column(column)
        })
    }

    /// The key `id`, which the database counts up.
    pub(super) fn id(self) -> Self {
        self.columns(&["id"], |id| {
            id.big_integer().not_null().auto_increment().primary_key();
        })
    }

    /// A whole number as the key, given by the program.
    pub(super) fn int_key(self, name: &'static str) -> Self {
        self.columns(&[name], |key| {
            key.big_integer().not_null().primary_key();
        })
    }

    /// A text as the key.
    pub(super) fn text_key(self, name: &'static str) -> Self {
        let collation = self.dialect.text_collation();
        self.columns(&[name], |key| {
            key.text().not_null().primary_key();
            if let Some(collation) = collation {
                key.extra(collation);
            }
        })
    }

    pub(super) fn texts(self, names: &[&'static str]) -> Self {
        let collation = self.dialect.text_collation();
        self.columns(names, |text| {
            text.text().not_null();
            if let Some(collation) = collation {
                text.extra(collation);
            }
        })
    }

    pub(super) fn maybe_texts(self, names: &[&'static str]) -> Self {
        let collation = self.dialect.text_collation();
        self.columns(names, |text| {
            text.text().null();
            if let Some(collation) = collation {
                text.extra(collation);
            }
        })
    }

    /// Whole numbers that are the key together, given by the program.
    pub(super) fn ints_key(self, names: [&'static str; 2]) -> Self {
        self.ints(&names).key(&names)
    }

    /// These columns are the key together.
    pub(super) fn key(mut self, names: &[&'static str]) -> Self {
        let mut key = Index::create();
        for name in names {
            key.col(*name);
        }
        self.table.primary_key(&mut key);
        self
    }

    /// Whole numbers: ids of other tables, and times (microseconds since 1970).
    pub(super) fn ints(self, names: &[&'static str]) -> Self {
        self.columns(names, |int| {
            int.big_integer().not_null();
        })
    }

    pub(super) fn maybe_ints(self, names: &[&'static str]) -> Self {
        self.columns(names, |int| {
            int.big_integer().null();
        })
    }

    pub(super) fn flags(self, names: &[&'static str]) -> Self {
        self.columns(names, |flag| {
            flag.boolean().not_null();
        })
    }

    pub(super) fn maybe_flags(self, names: &[&'static str]) -> Self {
        self.columns(names, |flag| {
            flag.boolean().null();
        })
    }

    pub(super) fn unique(self, column: &'static str) -> Self {
        self.unique_together(&[column])
    }

    /// No two rows have the same values in all of these columns.
    pub(super) fn unique_together(mut self, columns: &[&'static str]) -> Self {
        let mut index = Index::create();
        index
            .name(unique_name(self.name, columns))
            .table(self.name)
            .unique();
        for column in columns {
            index.col(*column);
        }
        self.indexes.push(index);
        self
    }

    pub(super) fn index(mut self, columns: &[&'static str]) -> Self {
        let mut index = Index::create();
        index
            .name(format!("{}_{}_idx", self.name, columns.join("_")))
            .table(self.name);
        for column in columns {
            index.col(*column);
        }
        self.indexes.push(index);
        self
    }

    /// An index in which one of the columns runs backwards.
    pub(super) fn index_backwards(
        mut self,
        columns: &[&'static str],
        backwards: &'static str,
    ) -> Self {
        let mut index = Index::create();
        index
            .name(format!("{}_{}_desc_idx", self.name, columns.join("_")))
            .table(self.name);
        for column in columns {
            let order = if *column == backwards {
                IndexOrder::Desc
            } else {
                IndexOrder::Asc
            };
            index.col((*column, order));
        }
        self.indexes.push(index);
        self
    }

    /// `column` holds a key of `table`. Indexed by the caller, where the column is not a key.
    pub(super) fn refers(
        mut self,
        column: &'static str,
        table: &'static str,
        key: &'static str,
        removal: OnRemoval,
    ) -> Self {
        let constraint = format!("{}_{column}_fkey", self.name);
        let mut reference = ForeignKey::create();
        reference
            .name(constraint.clone())
            .from(self.name, column)
            .to(table, key)
            .on_delete(match removal {
                OnRemoval::Cascade => ForeignKeyAction::Cascade,
                OnRemoval::Forget => ForeignKeyAction::SetNull,
                OnRemoval::Refuse => ForeignKeyAction::NoAction,
            });
        self.table.foreign_key(&mut reference);
        self.references.push(constraint);
        self
    }

    pub(super) async fn create(self, db: &Db) -> Result<(), Fault> {
        db.run(&self.table).await?;
        for index in &self.indexes {
            db.run(index).await?;
        }
        for constraint in &self.references {
            if let Some(alter) = self.dialect.make_deferrable(self.name, constraint) {
                db.script(&alter).await?;
            }
        }
        Ok(())
    }
}
