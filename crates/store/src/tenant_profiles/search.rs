//! What lists of profiles are searched by.

use provost_keys::text;
use sea_orm::sea_query::{ExprTrait, SimpleExpr};

use crate::Dialect;

/// How a text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// It is this.
    Equals,
    /// This occurs in it.
    Contains,
    /// It begins with this.
    Starts,
}

/// What one text has to be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Like<By> {
    /// Which text.
    pub by: By,
    /// How it is compared.
    pub how: Match,
    /// With what.
    pub text: String,
}

/// Whether a column is like a text. A folded column wants the text folded: `fold` says whether it is.
pub(super) fn like(
    dialect: Dialect,
    column: SimpleExpr,
    how: Match,
    text: &str,
    fold: bool,
) -> SimpleExpr {
    let text = if fold {
        text::fold(text)
    } else {
        text.to_owned()
    };
    match how {
        Match::Equals => column.eq(text),
        Match::Contains => dialect.contains(column, &text),
        Match::Starts => dialect.starts_with(column, &text),
    }
}
