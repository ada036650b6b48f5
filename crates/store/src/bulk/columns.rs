//! How the description of a table is written.

use super::{Column, Kind, Link, Table};

/// Columns that are computed from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Derived {
    /// A column, folded; null where it is.
    Fold {
        of: &'static str,
        columns: [&'static str; 1],
    },
    /// First and last name.
    FullName { columns: [&'static str; 1] },
    /// What `derive::RuleColumns` holds, in its order.
    Rule { columns: [&'static str; 4] },
    /// What `derive::TenantColumns` holds, in its order.
    Tenant { columns: [&'static str; 4] },
}

impl Derived {
    pub(super) fn columns(&self) -> &[&'static str] {
        match self {
            Self::Fold { columns, .. } | Self::FullName { columns } => columns,
            Self::Rule { columns } | Self::Tenant { columns } => columns,
        }
    }
}

pub(super) const fn column(name: &'static str, kind: Kind) -> Column {
    Column {
        name,
        kind,
        nullable: false,
        references: None,
    }
}

pub(super) const fn text(name: &'static str) -> Column {
    column(name, Kind::Text)
}

pub(super) const fn int(name: &'static str) -> Column {
    column(name, Kind::Int)
}

pub(super) const fn flag(name: &'static str) -> Column {
    column(name, Kind::Bool)
}

pub(super) const fn time(name: &'static str) -> Column {
    column(name, Kind::Time)
}

pub(super) const fn json(name: &'static str) -> Column {
    column(name, Kind::Json)
}

pub(super) const fn maybe(mut column: Column) -> Column {
    column.nullable = true;
    column
}

pub(super) const fn to(mut column: Column, table: &'static str) -> Column {
    column.references = Some((table, "id"));
    column
}

pub(super) const fn fold(of: &'static str, into: &'static str) -> Derived {
    Derived::Fold {
        of,
        columns: [into],
    }
}

/// A table whose key is `id`, counted up by the database.
pub(super) const fn counted(
    name: &'static str,
    columns: &'static [Column],
    derived: &'static [Derived],
) -> Table {
    Table {
        name,
        key: "id",
        columns,
        links: &[],
        derived,
        counted: true,
    }
}

/// A table whose rows bring their key.
pub(super) const fn keyed(
    name: &'static str,
    key: &'static str,
    columns: &'static [Column],
) -> Table {
    Table {
        name,
        key,
        columns,
        links: &[],
        derived: &[],
        counted: false,
    }
}

/// The table with a relation that is written as a list in its rows.
pub(super) const fn linked(mut table: Table, links: &'static [Link]) -> Table {
    table.links = links;
    table
}
