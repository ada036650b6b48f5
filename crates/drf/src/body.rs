//! Request bodies: media type, size, decoding, validation.

use std::marker::PhantomData;

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use deserr::{Deserr, IntoValue};
use http::header;
use http_body_util::LengthLimitError;
use schemars::JsonSchema;
use serde_json::{Map, Value};

use crate::form::{self, Pairs};
use crate::media::Takes;
use crate::multipart::{self, Upload};
use crate::shape::Shape;
use crate::tree::{Members, Tree};
use crate::{Invalid, Media, Problem, json, texts};

/// The most bytes of a body, as a request extension; without it [`BodyLimit::DEFAULT`] holds.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimit(pub usize);

impl BodyLimit {
    /// Two and a half mebibytes.
    pub const DEFAULT: Self = Self(2_621_440);
}

/// A body of type `T`: media type checked, decoded, and all its fields valid.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

/// A decoded body that is not validated yet, for handlers that decide in between.
#[derive(Debug)]
pub struct Payload(Data<Value>);

/// A body that was received but not looked at: neither its media type nor its syntax can fail
/// before the handler asks. `T` is what the handler will read, and what the document says.
#[derive(Debug)]
pub struct Unread<T> {
    received: Received,
    reads: PhantomData<fn() -> T>,
}

/// The bytes of a body, whatever they claim to be; no more than [`BodyLimit`] allows.
#[derive(Clone, Debug)]
pub struct RawBody(pub Bytes);

/// A body as it came, with what decoding it depends on.
#[derive(Debug)]
struct Received {
    content_type: String,
    takes: &'static [Media],
    bytes: Bytes,
}

/// A decoded body: JSON as a handler can look at it ([`Value`]), or as it is cheapest to validate
/// ([`Tree`]).
#[derive(Debug)]
enum Data<J> {
    Json(J),
    Form(Form),
}

#[derive(Debug, Default)]
struct Form {
    pairs: Pairs<'static>,
    /// The pairs as an object, last value of each name.
    value: Value,
    files: Vec<Upload>,
}

impl Form {
    fn new(pairs: Pairs<'static>, files: Vec<Upload>) -> Self {
        let value: Map<String, Value> = pairs
            .iter()
            .map(|(name, text)| (name.to_string(), text.as_ref().into()))
            .collect();
        Self {
            pairs,
            value: value.into(),
            files,
        }
    }
}

impl<J: IntoValue> Data<J> {
    fn read<T: Deserr<Invalid> + JsonSchema + 'static>(self) -> Result<T, Problem> {
        Ok(match self {
            Self::Json(json) => deserr::deserialize::<T, J, Invalid>(json)?,
            Self::Form(form) => {
                let value = form::value(&form.pairs, &Shape::of::<T>());
                deserr::deserialize::<T, Value, Invalid>(value)?
            }
        })
    }
}

impl From<Data<Tree>> for Payload {
    fn from(data: Data<Tree>) -> Self {
        Self(match data {
            Data::Json(tree) => Data::Json(tree.into()),
            Data::Form(form) => Data::Form(form),
        })
    }
}

impl Payload {
    /// Validate as `T`, reporting all field errors at once.
    pub fn read<T: Deserr<Invalid> + JsonSchema + 'static>(self) -> Result<T, Problem> {
        self.0.read()
    }

    /// The member `name` as sent; of a form, the last value of that name as text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_value().get(name)
    }

    /// The whole body; a form as an object of texts.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        match &self.0 {
            Data::Json(value) => value,
            Data::Form(form) => &form.value,
        }
    }

    /// Whether the body was a form, whose values are texts and whose lists are repeated names.
    #[must_use]
    pub fn is_form(&self) -> bool {
        matches!(self.0, Data::Form(_))
    }

    /// The values of `name` in a form, in order; none for JSON.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = match &self.0 {
            Data::Form(form) => form.pairs.as_slice(),
            Data::Json(_) => &[],
        };
        pairs
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_ref())
    }

    /// The elements of the list `name`, as [`read`](Self::read) would take them: those of a JSON
    /// list, or a form's repeated or numbered fields; none where there is no list.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<Value> {
        let list = match &self.0 {
            Data::Json(value) => value.get(name).cloned(),
            Data::Form(form) => form::list(&form.pairs, name),
        };
        match list {
            Some(Value::Array(elements)) => elements,
            _ => Vec::new(),
        }
    }

    /// The file a multipart form carries under `name`.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&Upload> {
        match &self.0 {
            Data::Form(form) => form.files.iter().rev().find(|file| file.name == name),
            Data::Json(_) => None,
        }
    }
}

impl<T> Unread<T> {
    /// Check the media type and decode. An empty body is an empty object, or an empty form.
    pub async fn decode(self) -> Result<Payload, Problem> {
        Ok(self.received.decode().await?.into())
    }
}

impl<T: Deserr<Invalid> + JsonSchema + 'static> Unread<T> {
    /// Decode and validate.
    pub async fn read(self) -> Result<T, Problem> {
        self.received.decode().await?.read()
    }
}

impl Received {
    /// Check the media type and decode.
    async fn decode(self) -> Result<Data<Tree>, Problem> {
        let sent = &self.content_type;
        let media = Media::of(sent).filter(|media| self.takes.contains(media));
        match media {
            Some(Media::Form) => {
                let pairs = form::pairs(&self.bytes).into_iter();
                let pairs = pairs
                    .map(|(name, text)| (owned(name), owned(text)))
                    .collect();
                Ok(Data::Form(Form::new(pairs, Vec::new())))
            }
            Some(Media::Multipart) if self.bytes.is_empty() => {
                Ok(Data::Form(Form::new(Vec::new(), Vec::new())))
            }
            // Nothing is nothing in any media type.
            _ if self.bytes.is_empty() => Ok(Data::Json(Tree::Object(Members::default()))),
            Some(Media::Multipart) => {
                let (pairs, files) = multipart::read(sent, self.bytes).await?;
                Ok(Data::Form(Form::new(pairs, files)))
            }
            Some(Media::Json) => json::parse(&self.bytes)
                .map(Data::Json)
                .map_err(|reason| Problem::malformed(texts::json_parse_error(&reason))),
            None => Err(Problem::unsupported_media_type(sent)),
        }
    }
}

fn owned(text: std::borrow::Cow<'_, str>) -> std::borrow::Cow<'static, str> {
    text.into_owned().into()
}

async fn receive(request: Request) -> Result<Received, Problem> {
    let extensions = request.extensions();
    let limit = extensions.get().copied().unwrap_or(BodyLimit::DEFAULT).0;
    let takes = extensions.get().copied().unwrap_or(Takes(&Media::ALL)).0;
    let (parts, body) = request.into_parts();
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let content_type = content_type
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default();
    match axum::body::to_bytes(body, limit).await {
        Ok(bytes) => Ok(Received {
            content_type,
            takes,
            bytes,
        }),
        Err(error) if is_too_large(&error) => Err(Problem::too_large()),
        // The client went away or a layer below stopped reading: nobody's fault here.
        Err(_) => Err(Problem::malformed(texts::UNREADABLE)),
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

impl<S: Send + Sync> FromRequest<S> for Payload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        Ok(receive(request).await?.decode().await?.into())
    }
}

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        Ok(Self(receive(request).await?.bytes))
    }
}

impl<S: Send + Sync, T> FromRequest<S> for Unread<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        Ok(Self {
            received: receive(request).await?,
            reads: PhantomData,
        })
    }
}

impl<S, T> FromRequest<S> for Body<T>
where
    S: Send + Sync,
    T: Deserr<Invalid> + JsonSchema + 'static,
{
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        receive(request).await?.decode().await?.read().map(Self)
    }
}
