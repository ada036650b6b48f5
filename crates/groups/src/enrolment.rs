//! Putting one person into a group by the rules of the organization.

use provost_app::{App, Author, kind};
use provost_store::course_access::{memberships, rules};
use provost_store::users::User;
use provost_store::{Fault, course_access as store};

use crate::automatic::Rules;
use crate::domains;
use crate::record;

/// Why nobody can be put anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// The account has still to be activated.
    #[error("Course Access Groups: Unable to create automatic Membership for inactive user.")]
    Inactive,
    /// The mail address has no domain.
    #[error("The user has no valid mail address.")]
    NoDomain,
    /// The person belongs to no organization.
    #[error("The user belongs to no organization.")]
    NoOrganization,
    /// The person belongs to several, and it cannot be said whose rules are meant.
    #[error("The user belongs to more than one organization.")]
    SeveralOrganizations,
}

/// The membership that a person has after the rules of the organization were followed: the one
/// that was there already, the one that was made, or none. Doing it twice does no harm.
///
/// # Errors
/// A fault of the store; inside, why the rules cannot be followed.
pub(crate) async fn enrol(
    app: &App,
    by: &Author,
    user: &User,
) -> Result<Result<Option<memberships::Membership>, Refused>, Fault> {
    let organization = match organization(app, user) {
        Ok(organization) => organization,
        Err(refused) => return Ok(Err(refused)),
    };
    let tx = app.store().begin().await?;
    memberships::lock_person(&tx, user.id).await?;
    if !memberships::of_person(&tx, user.id).await?.is_empty() {
        // One in a group of another organization counts, and is not shown.
        let held = memberships::all_of(&tx, organization, user.id).await?;
        return Ok(Ok(held.into_iter().next()));
    }
    let known = rules::of_organization(&tx, organization).await?;
    let fold = app.settings().course_access.fold_domains;
    let compiled = Rules::compile(known, fold);
    let Some(rule) = compiled.of(&user.email) else {
        return Ok(Ok(None));
    };
    let group = rule.group.clone();
    let id = memberships::create(&tx, user.id, group.id, true, app.now()).await?;
    let made = automatic(id, user, group);
    let about = (kind::MEMBERSHIP_CREATED, record::membership_subject(id));
    let facts = record::membership(&made);
    let changed = (None, Some(facts));
    record::commit(app, by.clone(), tx, organization, about, changed).await?;
    Ok(Ok(Some(made)))
}

fn automatic(id: i64, user: &User, group: store::Named) -> memberships::Membership {
    memberships::Membership {
        id,
        user: store::PersonRef {
            id: user.id,
            username: user.username.clone(),
            email: user.email.clone(),
        },
        group,
        automatic: true,
    }
}

/// The one organization whose rules are meant.
fn organization(app: &App, user: &User) -> Result<i64, Refused> {
    if !user.is_active {
        return Err(Refused::Inactive);
    }
    domains::of_address(&user.email).ok_or(Refused::NoDomain)?;
    let index = app.course_access();
    let mut organizations = index.organizations_of(user.id);
    match (organizations.next(), organizations.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Refused::NoOrganization),
        (Some(_), Some(_)) => Err(Refused::SeveralOrganizations),
    }
}
