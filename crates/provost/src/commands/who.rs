//! How a command names a user.

use std::str::FromStr;

use provost_app::App;
use provost_store::Db;
use provost_store::users::{self, User};

/// A user as named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// `id:2`: by id.
    Id(i64),
    /// `name:2`: by username.
    Name(String),
    /// `2`, `ada`: a username if somebody has it, else a number is an id.
    Bare(String),
}

impl FromStr for Who {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(id) = text.strip_prefix("id:") {
            let id = id.parse().map(Self::Id);
            return id.map_err(|_| {
                "after `id:` comes a number; a username that begins so is written `name:id:…`"
                    .to_owned()
            });
        }
        Ok(match text.strip_prefix("name:") {
            Some(name) => Self::Name(name.to_owned()),
            None => Self::Bare(text.to_owned()),
        })
    }
}

impl Who {
    /// The account that is named.
    ///
    /// # Errors
    /// Nobody is named, or a bare number names two people.
    pub(crate) async fn find(&self, app: &App) -> anyhow::Result<User> {
        self.find_in(app.store().read()).await
    }

    /// The same in a transaction, say.
    pub(crate) async fn find_in(&self, db: &Db) -> anyhow::Result<User> {
        let (found, named) = match self {
            Self::Id(id) => (users::find(db, *id).await?, format!("the id {id}")),
            Self::Name(name) => (
                users::by_username(db, name).await?,
                format!("the username `{name}`"),
            ),
            Self::Bare(text) => (
                bare(db, text).await?,
                format!("the username or id `{text}`"),
            ),
        };
        found.ok_or_else(|| anyhow::anyhow!("no user has {named}"))
    }
}

/// Whoever has the text as username, or else as id; refused where these are two people.
async fn bare(db: &Db, text: &str) -> anyhow::Result<Option<User>> {
    let named = users::by_username(db, text).await?;
    let keyed = match text.parse() {
        Ok(id) => users::find(db, id).await?,
        Err(_) => None,
    };
    if let (Some(named), Some(keyed)) = (&named, &keyed) {
        anyhow::ensure!(
            named.id == keyed.id,
            "`{text}` is the username of one user (id {}) and the id of another (`{}`): write `name:{text}` or `id:{text}`",
            named.id,
            keyed.username
        );
    }
    Ok(named.or(keyed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_says_what_a_text_is_and_without_one_it_is_open() {
        for (text, who) in [
            ("id:7", Ok(Who::Id(7))),
            ("name:7", Ok(Who::Name("7".to_owned()))),
            ("name:id:7", Ok(Who::Name("id:7".to_owned()))),
            ("7", Ok(Who::Bare("7".to_owned()))),
            ("ada", Ok(Who::Bare("ada".to_owned()))),
        ] {
            assert_eq!(text.parse(), who);
        }
        assert!("id:ada".parse::<Who>().is_err());
    }
}
