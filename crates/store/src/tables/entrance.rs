//! How people and programs get in.

/// Signed-in browsers.
pub(crate) mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) key_hash: String,
        pub(crate) user_id: i64,
        pub(crate) created_at: i64,
        pub(crate) expires_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Programs that may ask for tokens.
pub(crate) mod oauth_application {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "oauth_applications")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) client_id: String,
        pub(crate) client_secret: String,
        pub(crate) name: String,
        pub(crate) user_id: Option<i64>,
        pub(crate) client_type: String,
        pub(crate) grant_type: String,
        pub(crate) created_at: i64,
        pub(crate) updated_at: i64,
        pub(crate) extra: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Tokens in force.
pub(crate) mod oauth_token {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "oauth_tokens")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) token_hash: String,
        pub(crate) application_id: i64,
        pub(crate) user_id: i64,
        pub(crate) scope: String,
        pub(crate) created_at: i64,
        pub(crate) expires_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
