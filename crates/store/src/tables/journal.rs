//! What was done.

/// The change log.
pub(crate) mod change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "changes")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) seq: i64,
        pub(crate) at: i64,
        pub(crate) actor_id: Option<i64>,
        pub(crate) actor: String,
        pub(crate) on_behalf_of: Option<String>,
        pub(crate) request_id: Option<String>,
        pub(crate) org: Option<String>,
        pub(crate) kind: String,
        pub(crate) subject: String,
        pub(crate) outcome: String,
        pub(crate) before: Option<String>,
        pub(crate) after: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The last number of the change log, in its one row.
pub(crate) mod change_counter {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "change_counter")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: i64,
        pub(crate) seq: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
