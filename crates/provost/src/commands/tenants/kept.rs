//! How a command names a deleted tenant.

use std::str::FromStr;

use provost_app::App;
use provost_tenants::deleted::{self, Deleted};

use super::shown;

/// A deleted tenant as named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    /// `id:2`: by the number that `provost tenants deleted` shows first.
    Id(i64),
    /// `name:2`: by the name it had; of several, the one that was deleted last.
    Name(String),
    /// `2`, `talent1`: a name if a deleted tenant had it, else a number.
    Bare(String),
}

impl FromStr for Kept {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(id) = text.strip_prefix("id:") {
            let id = id.parse().map(Self::Id);
            return id.map_err(|_| "after `id:` comes a number".to_owned());
        }
        Ok(match text.strip_prefix("name:") {
            Some(name) => Self::Name(name.to_owned()),
            None => Self::Bare(text.to_owned()),
        })
    }
}

impl Kept {
    /// What is kept of the tenant that is named.
    ///
    /// # Errors
    /// No deleted tenant is named, or a bare number names two.
    pub(super) async fn find(&self, app: &App) -> anyhow::Result<Deleted> {
        let (found, named) = match self {
            Self::Id(id) => (deleted::find(app, *id).await?, format!("the number {id}")),
            Self::Name(name) => (
                deleted::newest_named(app, name).await?,
                format!("the name `{}`", shown(name)),
            ),
            Self::Bare(text) => (
                bare(app, text).await?,
                format!("the name or number `{}`", shown(text)),
            ),
        };
        found.ok_or_else(|| {
            anyhow::anyhow!("no deleted tenant has {named}; `provost tenants deleted` lists them")
        })
    }
}

async fn bare(app: &App, text: &str) -> anyhow::Result<Option<Deleted>> {
    let named = deleted::newest_named(app, text).await?;
    let numbered = match text.parse() {
        Ok(id) => deleted::find(app, id).await?,
        Err(_) => None,
    };
    if let (Some(named), Some(numbered)) = (&named, &numbered) {
        anyhow::ensure!(
            named.id == numbered.id,
            "`{text}` is the name of one deleted tenant (number {}) and the number of another (`{}`): \
             write `name:{text}` or `id:{text}`",
            named.id,
            shown(&numbered.tenant_name)
        );
    }
    Ok(named.or(numbered))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_says_what_a_text_is_and_without_one_it_is_open() {
        for (text, kept) in [
            ("id:7", Ok(Kept::Id(7))),
            ("name:7", Ok(Kept::Name("7".to_owned()))),
            ("name:id:7", Ok(Kept::Name("id:7".to_owned()))),
            ("7", Ok(Kept::Bare("7".to_owned()))),
            ("talent1", Ok(Kept::Bare("talent1".to_owned()))),
        ] {
            assert_eq!(text.parse(), kept);
        }
        assert!("id:talent1".parse::<Kept>().is_err());
    }
}
