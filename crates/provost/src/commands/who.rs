//! How a command names a user.

use std::convert::Infallible;
use std::str::FromStr;

use provost_app::App;
use provost_store::users::{self, User};

/// A user as named on the command line. A number is an id; anything else is a username.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// By id.
    Id(i64),
    /// By username.
    Name(String),
}

impl FromStr for Who {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text
            .parse()
            .map_or_else(|_| Self::Name(text.to_owned()), Self::Id))
    }
}

impl Who {
    /// The account that is named.
    pub(crate) async fn find(&self, app: &App) -> anyhow::Result<User> {
        let db = app.store().read();
        let (found, named) = match self {
            Self::Id(id) => (users::find(db, *id).await?, format!("the id {id}")),
            Self::Name(name) => (
                users::by_username(db, name).await?,
                format!("the username `{name}`"),
            ),
        };
        found.ok_or_else(|| anyhow::anyhow!("no user has {named}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_an_id_and_anything_else_a_name() {
        for (text, who) in [
            ("7", Who::Id(7)),
            ("ada", Who::Name("ada".into())),
            ("7of9", Who::Name("7of9".into())),
        ] {
            assert_eq!(text.parse(), Ok(who));
        }
    }
}
