//! An LMS in this process, which goes wrong when it is told to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// What happens to one write.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It is not carried out, and answered with this.
    Answer(u16, &'static str),
    /// It is carried out, and nobody is told: what stands before the LMS has lost patience.
    Lost,
    /// It is carried out, and answered when it is released.
    Held(Arc<Notify>),
}

/// The LMS.
pub struct Fake {
    pub url: String,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    rows: parking::Locked<Kept>,
    /// How many writes go on now, and the most there ever were.
    busy: AtomicUsize,
    busiest: AtomicUsize,
}

#[derive(Default)]
struct Kept {
    rows: BTreeMap<(String, i64), Value>,
    last: i64,
    faults: VecDeque<(&'static str, Fault)>,
    asked: Vec<String>,
}

/// The lock of the standard library, which no test breaks.
mod parking {
    #[derive(Default)]
    pub struct Locked<T>(std::sync::Mutex<T>);

    impl<T> Locked<T> {
        pub fn lock(&self) -> std::sync::MutexGuard<'_, T> {
            self.0.lock().unwrap()
        }
    }
}

impl Fake {
    pub async fn start() -> Self {
        let inner = Arc::new(Inner::default());
        let answers = Arc::clone(&inner);
        let router =
            Router::new().fallback(async move |request: Request| answers.answer(request).await);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inner }
    }

    /// Lets the next write that begins so (`POST configs`) go wrong.
    pub fn fail(&self, write: &'static str, fault: Fault) {
        self.inner.rows.lock().faults.push_back((write, fault));
    }

    /// How many faults have not happened yet.
    pub fn faults(&self) -> usize {
        self.inner.rows.lock().faults.len()
    }

    /// From now on nothing goes wrong.
    pub fn forget_faults(&self) {
        self.inner.rows.lock().faults.clear();
    }

    /// What was asked since the last time: writes that were carried out, and lists (`GET configs`).
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.inner.rows.lock().asked)
    }

    /// The same, but only what begins so.
    pub fn asked_to(&self, what: &str) -> Vec<String> {
        let asked = self.asked().into_iter();
        asked.filter(|line| line.starts_with(what)).collect()
    }

    /// The writes since the last time.
    pub fn writes(&self) -> Vec<String> {
        let asked = self.asked().into_iter();
        asked.filter(|line| !line.starts_with("GET")).collect()
    }

    /// Everything in a collection, with ids.
    pub fn all(&self, collection: &str) -> Vec<Value> {
        let rows = self.inner.rows.lock();
        let own = rows.rows.iter().filter(|((of, _), _)| of == collection);
        own.map(|(_, row)| row.clone()).collect()
    }

    /// Writes behind the back of whoever follows; the id.
    pub fn put(&self, collection: &str, mut row: Value) -> i64 {
        let mut rows = self.inner.rows.lock();
        let id = row["id"].as_i64().unwrap_or(rows.last + 1);
        rows.last = rows.last.max(id);
        row["id"] = json!(id);
        rows.rows.insert((collection.to_owned(), id), row);
        id
    }

    /// Removes behind the back of whoever follows.
    pub fn lose(&self, collection: &str, id: i64) {
        let mut rows = self.inner.rows.lock();
        rows.rows.remove(&(collection.to_owned(), id));
    }

    /// The most writes that ever went on at one time.
    pub fn busiest(&self) -> usize {
        self.inner.busiest.load(Ordering::SeqCst)
    }
}

impl Inner {
    async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        if parts.headers["authorization"] == "Bearer wrong" {
            return said(401, json!({"detail": "Invalid token."}).to_string());
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let path = parts.uri.path();
        let path = path.strip_prefix("/eox-tenant/api/v1/").unwrap();
        let mut path = path.trim_end_matches('/').split('/');
        let collection = path.next().unwrap().to_owned();
        let id = path.next().map(|id| id.parse().unwrap());
        let method = parts.method.as_str();
        if method == "GET" {
            return self.list(&collection, id);
        }
        let busy = self.busy.fetch_add(1, Ordering::SeqCst) + 1;
        self.busiest.fetch_max(busy, Ordering::SeqCst);
        let answer = self.write(method, &collection, id, body).await;
        self.busy.fetch_sub(1, Ordering::SeqCst);
        answer
    }

    fn list(&self, collection: &str, id: Option<i64>) -> Response {
        assert_eq!(id, None, "only lists are asked for");
        let mut rows = self.rows.lock();
        rows.asked.push(format!("GET {collection}"));
        let own = rows.rows.iter().filter(|((of, _), _)| of == collection);
        let all: Vec<&Value> = own.map(|(_, row)| row).collect();
        said(200, json!(all).to_string())
    }

    async fn write(
        &self,
        method: &str,
        collection: &str,
        id: Option<i64>,
        body: Value,
    ) -> Response {
        let fault = self.rows.lock().fault(&format!("{method} {collection}"));
        if let Some(Fault::Answer(status, text)) = fault {
            return said(status, text.to_owned());
        }
        let (status, text) = self.rows.lock().carry_out(method, collection, id, body);
        match fault {
            Some(Fault::Lost) => return said(502, "<h1>Bad Gateway</h1>".to_owned()),
            Some(Fault::Held(release)) => release.notified().await,
            _ => {}
        }
        said(status, text)
    }
}

impl Kept {
    fn fault(&mut self, write: &str) -> Option<Fault> {
        let is_next = self
            .faults
            .front()
            .is_some_and(|(next, _)| write.starts_with(next));
        if is_next {
            Some(self.faults.pop_front()?.1)
        } else {
            None
        }
    }

    fn carry_out(
        &mut self,
        method: &str,
        collection: &str,
        id: Option<i64>,
        mut body: Value,
    ) -> (u16, String) {
        let missing = (
            404,
            json!({"detail": "No object matches the given query."}).to_string(),
        );
        let there = |id: i64| (collection.to_owned(), id);
        if let Some(id) = id
            && !self.rows.contains_key(&there(id))
        {
            return missing;
        }
        if method == "DELETE" {
            let id = id.unwrap();
            self.rows.remove(&there(id));
            if collection == "configs" {
                self.rows
                    .retain(|(of, _), row| of != "routes" || row["config"] != id);
            }
            self.asked.push(format!("DELETE {collection} {id}"));
            return (204, String::new());
        }
        if let Some(refusal) = self.refusal(collection, id, &body) {
            return (400, refusal.to_string());
        }
        self.last += i64::from(id.is_none());
        let id = id.unwrap_or(self.last);
        let name = ["external_key", "domain", "key"]
            .iter()
            .find_map(|name| body[*name].as_str());
        self.asked
            .push(format!("{method} {collection} {id} {}", name.unwrap()));
        body["id"] = json!(id);
        let text = body.to_string();
        self.rows.insert((collection.to_owned(), id), body);
        (if method == "POST" { 201 } else { 200 }, text)
    }

    /// Whatever is called `bad` is refused, and so is a second route of a host, or one to nothing.
    fn refusal(&self, collection: &str, id: Option<i64>, body: &Value) -> Option<Value> {
        if body.to_string().contains("\"bad\"") {
            return Some(json!({"lms_configs": ["bad"]}));
        }
        if collection != "routes" {
            return None;
        }
        let config = ("configs".to_owned(), body["config"].as_i64().unwrap());
        if !self.rows.contains_key(&config) {
            return Some(json!({"config": ["Invalid pk"]}));
        }
        let mut rows = self.rows.iter();
        let is_taken = rows.any(|((of, other), row)| {
            of == "routes" && Some(*other) != id && row["domain"] == body["domain"]
        });
        is_taken.then(|| json!({"domain": ["route with this domain name already exists."]}))
    }
}

fn said(status: u16, text: String) -> Response {
    Response::builder()
        .status(status)
        .body(Body::from(text))
        .unwrap()
}
