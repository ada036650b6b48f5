//! The LMS, through the REST API of its plug-in eox-tenant: configurations of tenants, their routes, and microsites.
//!
//! A caller that failed may call again: a config or a route that was written all the same is found by its list, for a
//! key or a host name. Nothing here remembers what was sent.

mod judge;
mod objects;
mod page;
mod settings;
mod token;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Request, StatusCode, Uri};
use http_body_util::Full;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::objects::{ConfigBody, MicrositeBody, RemoteConfig, RemoteMicrosite, RemoteRoute};
pub use self::settings::Settings;

use self::judge::{judge, read};
use self::objects::{RouteBody, Written};
use self::page::Page;
use self::token::Tokens;
use crate::transport::{Answer, Bounds, Transport};
use crate::{Failure, Unusable};

/// The largest list that is read, all its pages together.
const LIST_BYTES: usize = 64 << 20;
/// The largest answer with one object that is read: an object is as large as the largest request that made one.
const OBJECT_BYTES: usize = 16 << 20;
/// How many pages of a list are read.
const PAGES: usize = 1_000;
/// How many times longer than another call a list may take.
const LIST_PATIENCE: u32 = 6;

const CONFIGS: &str = "configs";
const ROUTES: &str = "routes";
const MICROSITES: &str = "microsites";

/// An LMS. Calls may be made at the same time; they share connections and one token.
pub struct Lms {
    transport: Transport,
    tokens: Tokens,
    /// The address of the API with a slash at its end.
    api: String,
    patience: Duration,
}

impl fmt::Debug for Lms {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Lms");
        shown.field("api", &self.api).finish_non_exhaustive()
    }
}

impl Lms {
    /// The LMS that the settings name. Reads the file of certificates, if there is one, and asks nothing yet.
    ///
    /// # Errors
    /// If the settings name none, are wrong, or name certificates that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, Unusable> {
        if let Some((field, why)) = settings.validate().into_iter().next() {
            return Err(Unusable::Setting { field, why });
        }
        let wrong = |(field, why)| Unusable::Setting { field, why };
        let base = settings::origin(&settings.base_url)
            .map_err(|why| wrong(("base_url", why.to_owned())))?;
        let prefix = settings.api_prefix.trim_end_matches('/');
        Ok(Self {
            transport: Transport::new(&settings.ca_certificate)?,
            tokens: Tokens::new(settings, base).map_err(wrong)?,
            api: format!("{base}{prefix}/api/v1/"),
            patience: settings.timeout(),
        })
    }

    /// Every configuration, in the order of the LMS.
    pub async fn configs(&self) -> Result<Vec<RemoteConfig>, Failure> {
        self.list(CONFIGS).await
    }

    /// Makes a configuration, and another one each time. Gives its id in the LMS.
    pub async fn create_config(&self, body: &ConfigBody) -> Result<i64, Failure> {
        self.create(CONFIGS, body).await
    }

    /// Replaces a configuration; [`Failure::is_missing`] if it is not there.
    pub async fn put_config(&self, id: i64, body: &ConfigBody) -> Result<(), Failure> {
        self.put(CONFIGS, id, body).await
    }

    /// Removes a configuration with its routes. One that is not there is removed already.
    pub async fn delete_config(&self, id: i64) -> Result<(), Failure> {
        self.delete(CONFIGS, id).await
    }

    /// Every route, in the order of the LMS.
    pub async fn routes(&self) -> Result<Vec<RemoteRoute>, Failure> {
        self.list(ROUTES).await
    }

    /// Lets a host name belong to the configuration with the id `config` of the LMS; refused with 400 if it belongs to
    /// one. Gives the route's id in the LMS.
    pub async fn create_route(&self, domain: &str, config: i64) -> Result<i64, Failure> {
        self.create(ROUTES, &RouteBody { domain, config }).await
    }

    /// Replaces a route; [`Failure::is_missing`] if it is not there.
    pub async fn put_route(&self, id: i64, domain: &str, config: i64) -> Result<(), Failure> {
        self.put(ROUTES, id, &RouteBody { domain, config }).await
    }

    /// Removes a route. One that is not there is removed already.
    pub async fn delete_route(&self, id: i64) -> Result<(), Failure> {
        self.delete(ROUTES, id).await
    }

    /// Every microsite, in the order of the LMS.
    pub async fn microsites(&self) -> Result<Vec<RemoteMicrosite>, Failure> {
        self.list(MICROSITES).await
    }

    /// Makes a microsite, and another one each time. Gives its id in the LMS.
    pub async fn create_microsite(&self, body: &MicrositeBody) -> Result<i64, Failure> {
        self.create(MICROSITES, body).await
    }

    /// Replaces a microsite; [`Failure::is_missing`] if it is not there.
    pub async fn put_microsite(&self, id: i64, body: &MicrositeBody) -> Result<(), Failure> {
        self.put(MICROSITES, id, body).await
    }

    /// Removes a microsite. One that is not there is removed already.
    pub async fn delete_microsite(&self, id: i64) -> Result<(), Failure> {
        self.delete(MICROSITES, id).await
    }

    async fn list<T: DeserializeOwned>(&self, collection: &str) -> Result<Vec<T>, Failure> {
        let base = address(&format!("{}{collection}/", self.api))?;
        let mut items = Vec::new();
        let mut bytes = LIST_BYTES;
        let mut uri = base.clone();
        for _ in 0..PAGES {
            let bounds = Bounds {
                time: self.patience * LIST_PATIENCE,
                bytes,
            };
            let answer = self.call(Method::GET, &uri, None, bounds).await?;
            bytes -= answer.body.len();
            let page = Page::read(&answer)?;
            items.extend(page.items);
            let Some(link) = page.next else {
                return Ok(items);
            };
            uri = page::next(&base, &link)?;
        }
        Err(Failure::nonsense(format!("it has more than {PAGES} pages")))
    }

    async fn create(&self, collection: &str, body: &impl Serialize) -> Result<i64, Failure> {
        let uri = address(&format!("{}{collection}/", self.api))?;
        let body = written(body)?;
        let answer = self.call(Method::POST, &uri, Some(body), self.bounds());
        let Written { id } = read(&answer.await?)?;
        Ok(id)
    }

    async fn put(&self, collection: &str, id: i64, body: &impl Serialize) -> Result<(), Failure> {
        let uri = self.detail(collection, id)?;
        let body = written(body)?;
        let answer = self.call(Method::PUT, &uri, Some(body), self.bounds());
        // A page for people with status 200 is no success: nothing was written.
        let written: Written = read(&answer.await?)?;
        if written.id == id {
            return Ok(());
        }
        Err(Failure::nonsense("it is about another object"))
    }

    async fn delete(&self, collection: &str, id: i64) -> Result<(), Failure> {
        let uri = self.detail(collection, id)?;
        match self.call(Method::DELETE, &uri, None, self.bounds()).await {
            Ok(answer) if answer.body.is_empty() => Ok(()),
            Ok(_) => Err(Failure::nonsense("it answers a removal with a page")),
            Err(failure) if failure.is_missing() => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// One call with a token; with a fresh one if the token was not taken.
    async fn call(
        &self,
        method: Method,
        uri: &Uri,
        body: Option<Bytes>,
        bounds: Bounds,
    ) -> Result<Answer, Failure> {
        let bearer = self.tokens.bearer(&self.transport, self.patience).await?;
        let first = request(&method, uri, body.clone(), bearer.clone());
        let mut answer = self.transport.send(first, bounds).await?;
        if answer.status == StatusCode::UNAUTHORIZED && self.tokens.forget(&bearer).await {
            let fresh = self.tokens.bearer(&self.transport, self.patience).await?;
            let again = request(&method, uri, body, fresh);
            answer = self.transport.send(again, bounds).await?;
        }
        tracing::debug!(%method, path = uri.path(), status = answer.status.as_u16(), "asked the LMS");
        judge(answer)
    }

    fn detail(&self, collection: &str, id: i64) -> Result<Uri, Failure> {
        address(&format!("{}{collection}/{id}/", self.api))
    }

    fn bounds(&self) -> Bounds {
        Bounds {
            time: self.patience,
            bytes: OBJECT_BYTES,
        }
    }
}

fn request(
    method: &Method,
    uri: &Uri,
    body: Option<Bytes>,
    bearer: HeaderValue,
) -> Request<Full<Bytes>> {
    let json = HeaderValue::from_static("application/json");
    let agent = concat!("provost/", env!("CARGO_PKG_VERSION"));
    let has_body = body.is_some();
    let mut request = Request::new(Full::new(body.unwrap_or_default()));
    *request.method_mut() = method.clone();
    *request.uri_mut() = uri.clone();
    let headers = request.headers_mut();
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(USER_AGENT, HeaderValue::from_static(agent));
    headers.insert(ACCEPT, json.clone());
    if has_body {
        headers.insert(CONTENT_TYPE, json);
    }
    request
}

/// The settings are checked, so that addresses made of them are addresses.
fn address(text: &str) -> Result<Uri, Failure> {
    text.parse()
        .map_err(|_| Failure::nonsense("the address of the LMS is none"))
}

/// A body of ours is made of texts, numbers and JSON, which JSON can always say.
fn written(body: &impl Serialize) -> Result<Bytes, Failure> {
    serde_json::to_vec(body)
        .map(Bytes::from)
        .map_err(|_| Failure::nonsense("what was to be sent is no JSON"))
}
