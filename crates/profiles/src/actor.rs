//! Who acts, and what they may act on (specification, sections 1.3, 4.2.6 and 6.3).
//!
//! Invariant: a tenant or a group is had from here alone, so that none is shown or changed before it is
//! asked whether it may be.
//! Invariant: whoever has no standing on record, and is no administrator of the platform, may nothing.

use axum::extract::FromRequestParts;
use http::Method;
use http::request::Parts;
use provost_app::{Admin, Answer, App, Author, Error};
use provost_drf::describe::{self, GenContext, Operation, OperationInput, Responses};
use provost_drf::{Caller, Permission as _, Problem};
use provost_store::tenant_profiles::Named;
use provost_store::tenant_profiles::groups::{self, Group};
use provost_store::tenant_profiles::people::{self, Person};
use provost_store::tenant_profiles::tenants::{self, Tenant};
use provost_store::{Db, Fault};

use crate::level::Level;
use crate::refusal::{Errors, Refusal, not_found};

/// Somebody with a standing. As a handler's argument: 401 without a caller, 403 without a standing, and
/// 403 for whoever only looks and wants to change something.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    /// What the change log says of who acts.
    pub(crate) by: Author,
    pub(crate) level: Level,
    username: String,
    person: Person,
    checks: Checks,
    is_program: bool,
}

/// What a reseller confines people to.
#[derive(Clone, Copy, Debug)]
struct Checks {
    tenant: bool,
    group: bool,
}

impl Checks {
    fn of(app: &App) -> Self {
        let settings = app.settings().profiles.reseller_check;
        Self {
            tenant: settings.tenant,
            group: settings.group,
        }
    }
}

/// What the account with this key may do: what is on record, or else everything for an administrator of
/// the platform.
pub(crate) async fn standing(
    db: &Db,
    user: i64,
    is_admin: bool,
) -> Result<Option<(Level, Person)>, Fault> {
    if let Some(person) = people::find(db, user).await? {
        return Ok(Level::of(person.level).map(|level| (level, person)));
    }
    // Somebody who was confined to what is gone is not free by that.
    if is_admin && people::is_on_record(db, user).await? {
        return Ok(None);
    }
    Ok(is_admin.then(|| (Level::SystemAdmin, everything(user))))
}

/// Whoever is above all tenants and bound to nothing.
fn everything(user: i64) -> Person {
    Person {
        user,
        level: Level::SystemAdmin.number(),
        tenant: None,
        group: None,
        reseller: None,
        multi_as: false,
        read_only: false,
        backends: Vec::new(),
    }
}

impl FromRequestParts<App> for Actor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let is_admin = Admin::check(app, &caller, parts).is_ok();
        let found = standing(app.store().read(), caller.id, is_admin).await?;
        let (level, person) = found
            .filter(|_| provost_app::has_account(app, &caller))
            .ok_or_else(Problem::denied)?;
        let only_looks = [Method::GET, Method::HEAD].contains(&parts.method);
        if person.read_only && !only_looks {
            return Err(Problem::denied().into());
        }
        Ok(Self {
            by: Author::from(&caller),
            level,
            username: caller.username.to_string(),
            person,
            checks: Checks::of(app),
            is_program: false,
        })
    }
}

impl OperationInput for Actor {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        Caller::operation_input(context, operation);
    }

    fn inferred_early_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        let mut responses = Caller::inferred_early_responses(context, operation);
        responses.extend(describe::problem(context, Some(403), "The caller may not"));
        let text = "What is wrong, each with its number";
        responses.extend(describe::json::<Errors>(context, 400, text));
        responses
    }
}

impl Actor {
    /// A part of the program, which may everything.
    pub(crate) fn program(app: &App, by: Author) -> Self {
        Self {
            username: by.name.clone(),
            by,
            level: Level::SystemAdmin,
            person: everything(0),
            checks: Checks::of(app),
            is_program: true,
        }
    }

    /// Whether the caller has this level, or a higher one.
    ///
    /// # Errors
    /// 403 otherwise.
    pub(crate) fn at_least(&self, level: Level) -> Result<(), Problem> {
        if self.level >= level {
            Ok(())
        } else {
            Err(Problem::denied())
        }
    }

    /// The reseller to whom the caller is confined.
    pub(crate) fn reseller(&self) -> Option<&Named> {
        self.person.reseller.as_ref()
    }

    /// Whether the caller tells backends apart.
    pub(crate) fn is_multi_as(&self) -> bool {
        self.level == Level::SystemAdmin && self.person.multi_as
    }

    /// Whether the caller may say on which backend a tenant is.
    pub(crate) fn chooses_backends(&self) -> bool {
        self.is_multi_as() || self.is_program
    }

    /// Whether the caller sees what is beside a tenant whatever the settings show of it.
    pub(crate) fn sees_all_data(&self) -> bool {
        self.is_program
    }

    /// Whether the caller may use the backend with this key.
    pub(crate) fn may_use(&self, backend: i64) -> bool {
        let backends = self.backends();
        backends.is_none_or(|backends| backends.contains(&backend))
    }

    /// The backends whose tenants the caller sees, the most important first; nothing where that does not
    /// matter.
    pub(crate) fn backends(&self) -> Option<&[i64]> {
        self.is_multi_as().then_some(&self.person.backends)
    }

    /// Whether the caller sees what was kept of tenants that are gone, which belong to no reseller.
    pub(crate) fn sees_what_is_gone(&self) -> bool {
        self.level == Level::SystemAdmin && self.reseller().is_none()
    }

    /// The reseller whose tenants alone the caller sees.
    pub(crate) fn tenants_of(&self) -> Option<i64> {
        let reseller = self.reseller().filter(|_| self.checks.tenant)?;
        Some(reseller.id)
    }

    /// The reseller whose groups alone a list shows the caller.
    pub(crate) fn groups_of(&self) -> Option<i64> {
        let is_checked = self.checks.tenant || self.checks.group;
        let reseller = self.reseller().filter(|_| is_checked)?;
        Some(reseller.id)
    }

    /// Whether the caller has this level, or a higher one, and belongs to this tenant or to none.
    ///
    /// # Errors
    /// 403 otherwise, whether or not there is such a tenant.
    pub(crate) fn reaches(&self, tenant_id: &str, level: Level) -> Result<(), Problem> {
        self.at_least(level)?;
        if self.level.has_tenant() && !is(self.person.tenant.as_ref(), tenant_id) {
            return Err(Problem::denied());
        }
        Ok(())
    }

    /// The same for a group.
    ///
    /// # Errors
    /// See [`Self::reaches`].
    pub(crate) fn reaches_group(&self, place: (&str, &str), level: Level) -> Result<(), Problem> {
        let (tenant_id, group_id) = place;
        self.reaches(tenant_id, level)?;
        if self.level.has_group() && !is(self.person.group.as_ref(), group_id) {
            return Err(Problem::denied());
        }
        Ok(())
    }

    /// The tenant of this id.
    ///
    /// # Errors
    /// 403 for whoever does not [reach](Self::reaches) it; 404 where there is none, or one of another
    /// reseller; 61 where its backend is none of the caller's.
    pub(crate) async fn tenant(&self, db: &Db, tenant_id: &str, level: Level) -> Answer<Tenant> {
        self.reaches(tenant_id, level)?;
        let found = tenants::find(db, tenant_id).await?;
        let tenant = found
            .filter(|tenant| !self.checks.tenant || self.owns(tenant.reseller.as_ref()))
            .ok_or_else(|| not_found("Tenant", tenant_id))?;
        // One of the same id that was made anew is another one.
        if self.level.has_tenant() && !is_same(self.person.tenant.as_ref(), tenant.id) {
            return Err(Problem::denied().into());
        }
        if let Some((backend, _)) = &tenant.backend
            && !self.may_use(backend.id)
        {
            return Err(Refusal::no_backend().into());
        }
        Ok(tenant)
    }

    /// The group of this id, with its tenant.
    ///
    /// # Errors
    /// As [`Self::tenant`], and the same for groups.
    pub(crate) async fn group(
        &self,
        db: &Db,
        (tenant_id, group_id): (&str, &str),
        level: Level,
    ) -> Answer<(Tenant, Group)> {
        self.reaches_group((tenant_id, group_id), level)?;
        let tenant = self.tenant(db, tenant_id, level).await?;
        let group = self.group_of(db, &tenant, group_id).await?;
        let group = group.ok_or_else(|| not_found("Group", group_id))?;
        if self.level.has_group() && !is_same(self.person.group.as_ref(), group.id) {
            return Err(Problem::denied().into());
        }
        Ok((tenant, group))
    }

    /// The group of this id among those of a tenant that the caller sees.
    pub(crate) async fn group_of(
        &self,
        db: &Db,
        tenant: &Tenant,
        group_id: &str,
    ) -> Result<Option<Group>, Fault> {
        let found = groups::find(db, tenant.id, group_id).await?;
        Ok(found.filter(|group| !self.checks.group || self.owns(group.reseller.as_ref())))
    }

    /// The reseller whose groups alone the caller may do something to.
    pub(crate) fn confined_to_groups_of(&self) -> Option<i64> {
        let reseller = self.reseller().filter(|_| self.checks.group)?;
        Some(reseller.id)
    }

    /// Whether the caller is an end user of this name in this group.
    pub(crate) fn is_user(&self, (tenant_id, group_id): (&str, &str), username: &str) -> bool {
        is(self.person.tenant.as_ref(), tenant_id)
            && is(self.person.group.as_ref(), group_id)
            && self.username == username
    }

    /// What belongs to a reseller is there for whoever is confined to no other.
    fn owns(&self, reseller: Option<&Named>) -> bool {
        match self.reseller() {
            None => true,
            Some(own) => reseller.is_some_and(|reseller| reseller.id == own.id),
        }
    }
}

fn is_same(named: Option<&Named>, id: i64) -> bool {
    named.is_some_and(|named| named.id == id)
}

fn is(named: Option<&Named>, name: &str) -> bool {
    named.is_some_and(|named| named.name == name)
}
