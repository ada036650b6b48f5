//! One transaction of writes to tenants, each for many of them at once, and what the log says of it.
//!
//! Every API of this family writes through here, so that what belongs together happens together:
//! the organizations that a configuration names come with it, and each write has its entry.

use std::collections::{BTreeSet, HashMap};

use provost_app::{App, Author, kind};
use provost_store::changes::Entry;
use provost_store::tenants::configs::{self, Config, NewConfig};
use provost_store::tenants::microsites::{self, Microsite, NewMicrosite};
use provost_store::tenants::organizations as tenant_organizations;
use provost_store::tenants::routes::{self, Route};
use provost_store::{Fault, Tx, organizations};
use serde_json::{Value, json};

use crate::record::{self, Kinds};

/// A transaction that is going on.
pub(crate) struct Work<'a> {
    pub(crate) app: &'a App,
    pub(crate) by: Author,
    pub(crate) tx: Tx,
    pub(crate) entries: Vec<Entry>,
}

/// Which organizations a configuration is associated with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Associated {
    /// The organizations that its `course_org_filter` names; each is made if need be.
    pub(crate) filter: Vec<String>,
    /// Those it is associated with instead, where somebody chose.
    pub(crate) chosen: Option<Chosen>,
}

/// Organizations that somebody chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// By key; they are there.
    Keys(Vec<i64>),
    /// By name; each is made if need be.
    Names(Vec<String>),
}

impl Associated {
    /// Those that the filter names.
    pub(crate) fn by_filter(filter: Vec<String>) -> Self {
        Self {
            filter,
            chosen: None,
        }
    }

    /// Every name that must be known.
    fn names(&self) -> impl Iterator<Item = &str> {
        let chosen = match &self.chosen {
            Some(Chosen::Names(names)) => names.as_slice(),
            _ => &[],
        };
        self.filter.iter().chain(chosen).map(String::as_str)
    }

    /// The keys, ascending, given those of all names.
    fn keys(&self, known: &HashMap<String, i64>) -> Vec<i64> {
        let of = |names: &[String]| {
            names
                .iter()
                .filter_map(|name| known.get(name))
                .copied()
                .collect()
        };
        let keys: BTreeSet<i64> = match &self.chosen {
            Some(Chosen::Keys(keys)) => keys.iter().copied().collect(),
            Some(Chosen::Names(names)) => of(names),
            None => of(&self.filter),
        };
        keys.into_iter().collect()
    }
}

/// A tenant to be made.
#[derive(Clone, Debug)]
pub(crate) struct New {
    pub(crate) config: NewConfig,
    pub(crate) domains: Vec<String>,
    pub(crate) associated: Associated,
}

/// A configuration to be changed.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) before: Config,
    /// As it is to be; its organizations are those of `associated`.
    pub(crate) after: Config,
    pub(crate) associated: Associated,
}

impl<'a> Work<'a> {
    /// Begins; nobody else writes until the end.
    pub(crate) async fn begin(app: &'a App, by: impl Into<Author>) -> Result<Self, Fault> {
        Ok(Self {
            app,
            by: by.into(),
            tx: app.store().begin().await?,
            entries: Vec::new(),
        })
    }

    /// Keeps everything. Without it, nothing is kept.
    pub(crate) async fn commit(self) -> Result<(), Fault> {
        self.app.commit(self.tx, &self.entries).await
    }

    fn note(&mut self, kind: &str, subject: &str, before: Option<Value>, after: Option<Value>) {
        self.entries.push(Entry {
            before,
            after,
            ..self.by.entry(kind, subject)
        });
    }

    pub(crate) fn note_created(&mut self, kinds: Kinds, subject: &str, after: Value) {
        self.note(kinds.created, subject, None, Some(after));
    }

    pub(crate) fn note_changed(
        &mut self,
        kinds: Kinds,
        subject: &str,
        (before, after): (Value, Value),
    ) {
        self.note(kinds.changed, subject, Some(before), Some(after));
    }

    pub(crate) fn note_deleted(&mut self, kinds: Kinds, subject: &str, before: Value) {
        self.note(kinds.deleted, subject, Some(before), None);
    }

    /// Makes tenants with their routes; as they are then.
    ///
    /// # Errors
    /// [`Fault::Duplicate`] where a domain is routed already.
    pub(crate) async fn create(&mut self, new: Vec<New>) -> Result<Vec<Config>, Fault> {
        let known = self.known(new.iter().map(|new| &new.associated)).await?;
        let rows = new.iter().map(|new| new.config.clone()).collect();
        let ids = configs::create_all(&self.tx, rows).await?;
        let mut domains = Vec::new();
        let mut made = Vec::with_capacity(new.len());
        for (id, new) in ids.into_iter().zip(new) {
            let organizations = new.associated.keys(&known);
            domains.extend(new.domains.into_iter().map(|domain| (domain, id)));
            made.push(config(id, new.config, organizations));
        }
        self.organize(&made).await?;
        for config in &made {
            self.note_created(
                record::CONFIG,
                &record::tenant_subject(config.id),
                record::config(config),
            );
        }
        self.route(domains).await?;
        Ok(made)
    }

    /// Writes configurations anew where anything of them changes; all of them, as they are then.
    pub(crate) async fn change(&mut self, changes: Vec<Change>) -> Result<Vec<Config>, Fault> {
        let known = self
            .known(changes.iter().map(|change| &change.associated))
            .await?;
        let mut all = Vec::with_capacity(changes.len());
        let mut written = Vec::new();
        for change in changes {
            let after = Config {
                organizations: change.associated.keys(&known),
                ..change.after
            };
            let facts = (record::config(&change.before), record::config(&after));
            if record::differ(&facts) {
                self.note_changed(record::CONFIG, &record::tenant_subject(after.id), facts);
                written.push(after.clone());
            }
            all.push(after);
        }
        configs::change_all(&self.tx, &written).await?;
        self.organize(&written).await?;
        Ok(all)
    }

    /// Routes domains to configurations.
    ///
    /// # Errors
    /// [`Fault::Duplicate`] where a domain is routed already, [`Fault::Dangling`] where there is no
    /// such configuration.
    pub(crate) async fn route(&mut self, domains: Vec<(String, i64)>) -> Result<Vec<Route>, Fault> {
        let ids = routes::create_all(&self.tx, &domains).await?;
        let made = ids.into_iter().zip(domains);
        let made: Vec<Route> = made
            .map(|(id, (domain, config))| Route { id, domain, config })
            .collect();
        for route in &made {
            self.note_created(
                record::ROUTE,
                &record::route_subject(route.id),
                record::route(route),
            );
        }
        Ok(made)
    }

    /// Writes a route anew, if anything of it changes.
    ///
    /// # Errors
    /// As [`Self::route`].
    pub(crate) async fn reroute(&mut self, before: &Route, after: &Route) -> Result<(), Fault> {
        if before == after {
            return Ok(());
        }
        routes::change(&self.tx, after).await?;
        let facts = (record::route(before), record::route(after));
        self.note_changed(record::ROUTE, &record::route_subject(after.id), facts);
        Ok(())
    }

    /// Takes routes away.
    pub(crate) async fn unroute(&mut self, gone: &[Route]) -> Result<(), Fault> {
        let ids: Vec<i64> = gone.iter().map(|route| route.id).collect();
        routes::remove_all(&self.tx, &ids).await?;
        for route in gone {
            self.note_deleted(
                record::ROUTE,
                &record::route_subject(route.id),
                record::route(route),
            );
        }
        Ok(())
    }

    /// Makes a microsite; as it is then.
    pub(crate) async fn create_microsite(
        &mut self,
        new: NewMicrosite,
        associated: &Associated,
    ) -> Result<Microsite, Fault> {
        let known = self.known(std::iter::once(associated)).await?;
        let id = microsites::create(&self.tx, &new).await?;
        let NewMicrosite {
            key,
            subdomain,
            values,
        } = new;
        let made = Microsite {
            id,
            key,
            subdomain,
            values,
            organizations: associated.keys(&known),
        };
        self.organize_microsite(&made).await?;
        let subject = record::microsite_subject(id);
        self.note_created(record::MICROSITE, &subject, record::microsite(&made));
        Ok(made)
    }

    /// Writes a microsite anew, if anything of it changes; as it is then.
    pub(crate) async fn change_microsite(
        &mut self,
        before: &Microsite,
        after: Microsite,
        associated: &Associated,
    ) -> Result<Microsite, Fault> {
        let known = self.known(std::iter::once(associated)).await?;
        let after = Microsite {
            organizations: associated.keys(&known),
            ..after
        };
        let facts = (record::microsite(before), record::microsite(&after));
        if !record::differ(&facts) {
            return Ok(after);
        }
        microsites::change(&self.tx, &after).await?;
        self.organize_microsite(&after).await?;
        let subject = record::microsite_subject(after.id);
        self.note_changed(record::MICROSITE, &subject, facts);
        Ok(after)
    }

    /// Takes a microsite away.
    pub(crate) async fn remove_microsite(&mut self, gone: &Microsite) -> Result<(), Fault> {
        microsites::remove(&self.tx, gone.id).await?;
        let subject = record::microsite_subject(gone.id);
        self.note_deleted(record::MICROSITE, &subject, record::microsite(gone));
        Ok(())
    }

    /// The keys of all organizations that these name, made if need be: here, and on the platform.
    pub(crate) async fn known(
        &mut self,
        associated: impl Iterator<Item = &Associated>,
    ) -> Result<HashMap<String, i64>, Fault> {
        let names: BTreeSet<&str> = associated.flat_map(Associated::names).collect();
        let names: Vec<&str> = names.into_iter().collect();
        if names.is_empty() {
            return Ok(HashMap::new());
        }
        let known = tenant_organizations::ensure(&self.tx, &names).await?;
        let made = organizations::ensure(&self.tx, &names, self.app.now()).await?;
        for (id, name) in made {
            let after = json!({"id": id, "name": name, "short_name": name});
            self.note(
                kind::ORGANIZATION_CREATED,
                &format!("organization:{id}"),
                None,
                Some(after),
            );
        }
        Ok(known)
    }

    async fn organize(&self, configs: &[Config]) -> Result<(), Fault> {
        let links: Vec<_> = configs
            .iter()
            .map(|config| (config.id, config.organizations.clone()))
            .collect();
        configs::organize(&self.tx, &links).await
    }

    async fn organize_microsite(&self, microsite: &Microsite) -> Result<(), Fault> {
        let link = (microsite.id, microsite.organizations.clone());
        microsites::organize(&self.tx, &[link]).await
    }
}

/// A configuration, now that it has a key.
fn config(id: i64, new: NewConfig, organizations: Vec<i64>) -> Config {
    let NewConfig {
        external_key,
        lms_configs,
        studio_configs,
        theming_configs,
        meta,
    } = new;
    Config {
        id,
        external_key,
        lms_configs,
        studio_configs,
        theming_configs,
        meta,
        organizations,
    }
}
