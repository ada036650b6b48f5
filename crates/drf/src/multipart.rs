//! `multipart/form-data`: fields, and files held in memory within the body limit.

use bytes::Bytes;
use http_body_util::{BodyDataStream, Full};

use crate::form::Pairs;
use crate::{Problem, texts};

/// A file that came with a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The form field.
    pub name: String,
    /// The file's own name, as sent: never a path to trust.
    pub file_name: String,
    /// The media type as sent.
    pub content_type: Option<String>,
    /// The content.
    pub bytes: Bytes,
}

/// Read a whole form. `content_type` carries the boundary.
pub(crate) async fn read(
    content_type: &str,
    bytes: Bytes,
) -> Result<(Pairs<'static>, Vec<Upload>), Problem> {
    let boundary = multer::parse_boundary(content_type)
        .map_err(|_| malformed("Invalid boundary in multipart: None"))?;
    let stream = BodyDataStream::new(Full::<Bytes>::new(bytes));
    let mut form = multer::Multipart::new(stream, boundary);
    let mut pairs = Pairs::new();
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|error| fault(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(ToString::to_string);
        let bytes = field.bytes().await.map_err(|error| fault(&error))?;
        match file_name {
            Some(file_name) => files.push(Upload {
                name,
                file_name,
                content_type,
                bytes,
            }),
            None => pairs.push((
                name.into(),
                String::from_utf8_lossy(&bytes).into_owned().into(),
            )),
        }
    }
    Ok((pairs, files))
}

fn fault(error: &multer::Error) -> Problem {
    malformed(&error.to_string())
}

fn malformed(reason: &str) -> Problem {
    Problem::malformed(texts::multipart_parse_error(reason))
}
