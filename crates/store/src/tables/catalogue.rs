//! What there is to have a role in.

/// Organizations.
pub(crate) mod organization {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "organizations")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) created: i64,
        pub(crate) modified: i64,
        pub(crate) name: String,
        pub(crate) name_lower: String,
        pub(crate) short_name: String,
        pub(crate) short_name_lower: String,
        pub(crate) description: Option<String>,
        pub(crate) logo: String,
        pub(crate) active: bool,
        pub(crate) extra: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Content libraries.
pub(crate) mod content_library {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "content_libraries")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) org_id: Option<i64>,
        pub(crate) slug: String,
        pub(crate) learning_package_id: Option<i64>,
        pub(crate) extra: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Courses.
pub(crate) mod course_overview {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "course_overviews")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: String,
        pub(crate) org: String,
        pub(crate) display_name: Option<String>,
        pub(crate) display_name_lower: Option<String>,
        pub(crate) extra: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Titles of libraries.
pub(crate) mod learning_package {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "learning_packages")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) title: String,
        pub(crate) title_lower: String,
        pub(crate) extra: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
