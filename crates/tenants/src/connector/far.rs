//! The calls to the LMS, the same for every kind of thing.

use provost_upstream::lms::{ConfigBody, Lms, MicrositeBody, RemoteConfig, RemoteMicrosite};

use super::object::{Kind, Known, Object};
use super::trouble::Trouble;

/// Everything of a kind that the LMS has, smallest key first.
pub(super) async fn list(lms: &Lms, kind: Kind) -> Result<Vec<Known>, Trouble> {
    let mut all: Vec<Known> = match kind {
        Kind::Config => known(lms.configs().await.map_err(Trouble::Failure)?),
        Kind::Microsite => known(lms.microsites().await.map_err(Trouble::Failure)?),
        Kind::Route => known(lms.routes().await.map_err(Trouble::Failure)?),
    };
    all.sort_by_key(|known| known.id);
    Ok(all)
}

/// Makes a thing; its key there.
pub(super) async fn create(lms: &Lms, object: &Object) -> Result<i64, Trouble> {
    let made = match object {
        Object::Config(body) => lms.create_config(body).await,
        Object::Microsite(body) => lms.create_microsite(body).await,
        Object::Route { domain, config } => lms.create_route(domain, *config).await,
    };
    made.map_err(Trouble::of_write)
}

/// Makes the thing with a key there be like this.
pub(super) async fn put(lms: &Lms, id: i64, object: &Object) -> Result<(), Trouble> {
    let put = match object {
        Object::Config(body) => lms.put_config(id, body).await,
        Object::Microsite(body) => lms.put_microsite(id, body).await,
        Object::Route { domain, config } => lms.put_route(id, domain, *config).await,
    };
    put.map_err(Trouble::of_write)
}

/// Removes the thing with a key there, if it is there.
pub(super) async fn remove(lms: &Lms, kind: Kind, id: i64) -> Result<(), Trouble> {
    let removed = match kind {
        Kind::Config => lms.delete_config(id).await,
        Kind::Microsite => lms.delete_microsite(id).await,
        Kind::Route => lms.delete_route(id).await,
    };
    removed.map_err(Trouble::of_write)
}

fn known<T: Into<Known>>(all: Vec<T>) -> Vec<Known> {
    all.into_iter().map(Into::into).collect()
}

impl From<RemoteConfig> for Known {
    fn from(there: RemoteConfig) -> Self {
        Self {
            id: there.id,
            object: Object::Config(ConfigBody {
                lms_configs: there.lms_configs,
                studio_configs: there.studio_configs,
                theming_configs: there.theming_configs,
                meta: there.meta,
                external_key: there.external_key,
            }),
        }
    }
}

impl From<provost_upstream::lms::RemoteRoute> for Known {
    fn from(there: provost_upstream::lms::RemoteRoute) -> Self {
        Self {
            id: there.id,
            object: Object::Route {
                domain: there.domain,
                config: there.config,
            },
        }
    }
}

impl From<RemoteMicrosite> for Known {
    fn from(there: RemoteMicrosite) -> Self {
        Self {
            id: there.id,
            object: Object::Microsite(MicrositeBody {
                values: there.values,
                key: there.key,
                subdomain: there.subdomain,
            }),
        }
    }
}
