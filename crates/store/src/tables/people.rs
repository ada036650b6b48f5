//! Who there is.

/// Accounts.
pub(crate) mod user {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) username: String,
        pub(crate) username_lower: String,
        pub(crate) email: String,
        pub(crate) email_lower: String,
        pub(crate) first_name: String,
        pub(crate) last_name: String,
        pub(crate) full_name_lower: String,
        pub(crate) password: String,
        pub(crate) is_active: bool,
        pub(crate) is_staff: bool,
        pub(crate) is_superuser: bool,
        pub(crate) last_login: Option<i64>,
        pub(crate) date_joined: i64,
        pub(crate) extra: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Requests to be forgotten.
pub(crate) mod retirement {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "retirements")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) user_id: i64,
        pub(crate) extra: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What people say about themselves.
pub(crate) mod profile {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "profiles")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) user_id: i64,
        pub(crate) name: String,
        pub(crate) name_lower: String,
        pub(crate) extra: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
