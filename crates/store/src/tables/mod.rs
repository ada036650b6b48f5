//! The tables as the queries see them. No relation, no behaviour: joins are written where they
//! are needed, and every write is a statement.

mod catalogue;
mod entrance;
mod flags;
mod journal;
mod people;
mod policy;

pub(crate) use catalogue::{content_library, course_overview, learning_package, organization};
pub(crate) use entrance::{oauth_application, oauth_token, session};
pub(crate) use flags::waffle_flag;
pub(crate) use journal::{change, change_counter};
pub(crate) use people::{profile, retirement, user};
pub(crate) use policy::{
    casbin_rule, course_scope, extended_rule, library_scope, policy_cache_control, scope, subject,
    user_subject,
};
