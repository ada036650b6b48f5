//! The objects, and what each request does to them. Nothing here knows HTTP, files or modes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::fields::{self, Kind};
use crate::organizations::{self, Organizations};
use crate::refusal::Reply;

type Object = Map<String, Value>;

const LIST: &str = "GET, POST, HEAD, OPTIONS";
const DETAIL: &str = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";
const BY_DOMAIN: &str = "PATCH, OPTIONS";

/// Objects of one kind, by id.
#[derive(Debug, Default)]
struct Collection {
    objects: BTreeMap<i64, Object>,
    /// The highest id that was ever given: none comes back.
    last: i64,
}

/// Everything that there is.
#[derive(Debug, Default)]
pub(crate) struct Model {
    configs: Collection,
    routes: Collection,
    microsites: Collection,
    organizations: Organizations,
}

impl Model {
    /// Answers a request below the API's base: `path` is e.g. `configs/5/`, with a query perhaps.
    pub(crate) fn answer(&mut self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let Some((collection, rest)) = path.split_once('/') else {
            return Reply::not_found();
        };
        let Some(kind) = Kind::ALL
            .into_iter()
            .find(|it| it.collection() == collection)
        else {
            return Reply::not_found();
        };
        let nothing = Value::Object(Object::new());
        let body = body.unwrap_or(&nothing);
        match (rest.strip_suffix('/'), method) {
            (None, "GET") if rest.is_empty() => Reply::plain(200, self.all(kind)),
            (None, "POST") if rest.is_empty() => self.create(kind, body),
            (None, _) if rest.is_empty() => Reply::not_allowed(method, LIST),
            (Some("update-by-domain"), _) if kind == Kind::Config => {
                self.update_by_domain(method, query, body)
            }
            (Some(key), _) if !key.contains(['/', '.']) => self.detail(kind, method, key, body),
            _ => Reply::not_found(),
        }
    }

    /// Every object of a kind, as the list shows them.
    pub(crate) fn all(&self, kind: Kind) -> Value {
        let objects = self.collection(kind).objects.values().cloned();
        objects.map(Value::Object).collect()
    }

    /// Every organization.
    pub(crate) fn organizations(&self) -> Value {
        self.organizations.all()
    }

    pub(crate) fn contains(&self, kind: Kind, id: i64) -> bool {
        self.collection(kind).objects.contains_key(&id)
    }

    pub(crate) fn is_organization(&self, id: i64) -> bool {
        self.organizations.contains(id)
    }

    /// Whether a route other than `own` has the domain.
    pub(crate) fn is_taken(&self, domain: &Value, own: Option<i64>) -> bool {
        let mut routes = self.routes.objects.iter();
        routes.any(|(id, route)| Some(*id) != own && route.get("domain") == Some(domain))
    }

    fn create(&mut self, kind: Kind, body: &Value) -> Reply {
        match fields::read(self, kind, body, None, false) {
            Ok(given) => {
                let id = self.collection(kind).last + 1;
                self.collection_mut(kind).last = id;
                let object = self.save(kind, id, given);
                Reply::written(201, id, Some(object))
            }
            Err(wrong) => Reply::invalid(wrong),
        }
    }

    fn detail(&mut self, kind: Kind, method: &str, key: &str, body: &Value) -> Reply {
        let is_known = ["GET", "PUT", "PATCH", "DELETE"].contains(&method);
        if !is_known {
            return Reply::not_allowed(method, DETAIL);
        }
        let id = match self.ids(kind, key).as_slice() {
            [] => return Reply::missing(kind.model()),
            [id] => *id,
            _ => return Reply::several(kind.model()),
        };
        match method {
            "GET" => Reply::plain(200, self.shown(kind, id)),
            "DELETE" => self.remove(kind, id),
            _ => self.change(kind, id, body, method == "PATCH"),
        }
    }

    /// The objects that a key means: the one with this id if it is all digits, else those with this key.
    fn ids(&self, kind: Kind, key: &str) -> Vec<i64> {
        let objects = &self.collection(kind).objects;
        if key.bytes().all(|byte| byte.is_ascii_digit()) {
            let id = key.parse().ok();
            return id
                .filter(|id| objects.contains_key(id))
                .into_iter()
                .collect();
        }
        let Some(field) = kind.key() else {
            return Vec::new();
        };
        let meant = |object: &Object| object.get(field).and_then(Value::as_str) == Some(key);
        let meant = objects.iter().filter(|(_, object)| meant(object));
        meant.map(|(id, _)| *id).collect()
    }

    fn change(&mut self, kind: Kind, id: i64, body: &Value, is_partial: bool) -> Reply {
        match fields::read(self, kind, body, Some(id), is_partial) {
            Ok(given) => {
                let object = self.save(kind, id, given);
                Reply::written(200, id, Some(object))
            }
            Err(wrong) => Reply::invalid(wrong),
        }
    }

    fn remove(&mut self, kind: Kind, id: i64) -> Reply {
        self.collection_mut(kind).objects.remove(&id);
        if kind == Kind::Config {
            let stays = |route: &Object| route.get("config").and_then(Value::as_i64) != Some(id);
            self.routes.objects.retain(|_, route| stays(route));
        }
        Reply::written(204, id, None)
    }

    fn update_by_domain(&mut self, method: &str, query: &str, body: &Value) -> Reply {
        if method != "PATCH" {
            return Reply::not_allowed(method, BY_DOMAIN);
        }
        let domain = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "domain");
        let domain = domain
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default();
        if domain.is_empty() {
            let text = "The 'domain' query parameter is required.";
            return Reply::plain(400, json!({ "error": text }));
        }
        let mut routes = self.routes.objects.values();
        let route = routes.find(|route| route.get("domain") == Some(&json!(domain)));
        let config = route.and_then(|route| route.get("config")?.as_i64());
        let Some(config) = config else {
            let text = format!("No TenantConfig found for domain '{domain}'.");
            return Reply::plain(404, json!({ "error": text }));
        };
        self.change(Kind::Config, config, body, true)
    }

    /// Stores fields over those that are there. The organizations follow the filter, unless they are given.
    fn save(&mut self, kind: Kind, id: i64, given: Object) -> Value {
        let organizations = given.get("organizations").cloned();
        let mut object = self
            .collection_mut(kind)
            .objects
            .remove(&id)
            .unwrap_or_default();
        object.entry("id").or_insert(id.into());
        object.extend(given);
        if let Some(field) = kind.filtered() {
            let settings = object.get(field).and_then(Value::as_object);
            let names = settings.and_then(organizations::filter).unwrap_or_default();
            let synchronised = self.organizations.of(names);
            let organizations = organizations.unwrap_or(synchronised);
            object.insert("organizations".to_owned(), organizations);
        }
        let shown = Value::Object(object.clone());
        self.collection_mut(kind).objects.insert(id, object);
        shown
    }

    fn shown(&self, kind: Kind, id: i64) -> Value {
        let object = self.collection(kind).objects.get(&id).cloned();
        object.map_or(Value::Null, Value::Object)
    }

    fn collection(&self, kind: Kind) -> &Collection {
        match kind {
            Kind::Config => &self.configs,
            Kind::Route => &self.routes,
            Kind::Microsite => &self.microsites,
        }
    }

    fn collection_mut(&mut self, kind: Kind) -> &mut Collection {
        match kind {
            Kind::Config => &mut self.configs,
            Kind::Route => &mut self.routes,
            Kind::Microsite => &mut self.microsites,
        }
    }
}
