//! Every sentence of the dialect, in one place. Clients compare them, so they are never reworded.

use std::borrow::Cow;

pub(crate) type Text = Cow<'static, str>;

// Whole-request problems.
pub(crate) const NOT_AUTHENTICATED: &str = "Authentication credentials were not provided.";
pub(crate) const DENIED: &str = "You do not have permission to perform this action.";
pub(crate) const NOT_FOUND: &str = "Not found.";
pub(crate) const NOT_ACCEPTABLE: &str = "Could not satisfy the request Accept header.";
pub(crate) const INVALID_PAGE: &str = "Invalid page.";
pub(crate) const INVALID_CURSOR: &str = "Invalid cursor";
pub(crate) const INTERNAL: &str = "Internal server error.";
pub(crate) const TOO_LARGE: &str = "Request body is too large.";
pub(crate) const UNREADABLE: &str = "The request body could not be read.";

// Fields.
pub(crate) const REQUIRED: &str = "This field is required.";
pub(crate) const NULL: &str = "This field may not be null.";
pub(crate) const BLANK: &str = "This field may not be blank.";
pub(crate) const NOT_TEXT: &str = "Not a valid string.";
pub(crate) const NULL_CHARACTERS: &str = "Null characters are not allowed.";
pub(crate) const EMPTY_LIST: &str = "This list may not be empty.";
pub(crate) const NOT_BOOLEAN: &str = "Must be a valid boolean.";
pub(crate) const NOT_INTEGER: &str = "A valid integer is required.";
pub(crate) const NOT_SLUG: &str =
    "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";
pub(crate) const NOT_EMAIL: &str = "Enter a valid email address.";
pub(crate) const NOT_URL: &str = "Enter a valid URL.";
pub(crate) const NOT_UUID: &str = "Must be a valid UUID.";
pub(crate) const NOT_TIME: &str = "Datetime has wrong format. Use one of these formats instead: \
     YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";
pub(crate) const NO_DATA: &str = "No data provided";
pub(crate) const UNKNOWN_FIELD: &str = "Unknown field.";

// Filters of a listing.
pub(crate) const FILTER_NUMBER: &str = "Enter a number.";
pub(crate) const FILTER_TOO_BIG: &str = "Ensure this value is less than or equal to 1e+50.";
pub(crate) const FILTER_TIME: &str = "Enter a valid date/time.";

pub(crate) fn method_not_allowed(method: &http::Method) -> Text {
    format!("Method \"{method}\" not allowed.").into()
}

pub(crate) fn unsupported_media_type(sent: &str) -> Text {
    format!("Unsupported media type \"{sent}\" in request.").into()
}

pub(crate) fn json_parse_error(reason: &str) -> Text {
    format!("JSON parse error - {reason}").into()
}

pub(crate) fn multipart_parse_error(reason: &str) -> Text {
    format!("Multipart form parse error - {reason}").into()
}

pub(crate) fn throttled(seconds: u64) -> Text {
    let unit = if seconds == 1 { "second" } else { "seconds" };
    format!("Request was throttled. Expected available in {seconds} {unit}.").into()
}

pub(crate) fn too_long(max: usize) -> Text {
    format!("Ensure this field has no more than {max} characters.").into()
}

pub(crate) fn too_big(max: i64) -> Text {
    format!("Ensure this value is less than or equal to {max}.").into()
}

pub(crate) fn too_small(min: i64) -> Text {
    format!("Ensure this value is greater than or equal to {min}.").into()
}

pub(crate) fn not_a_choice(value: &str) -> Text {
    format!("\"{value}\" is not a valid choice.").into()
}

pub(crate) fn not_an_available_choice(value: &str) -> Text {
    format!("Select a valid choice. {value} is not one of the available choices.").into()
}

pub(crate) fn not_a_list(kind: &str) -> Text {
    format!("Expected a list of items but got type \"{kind}\".").into()
}

pub(crate) fn not_an_object(kind: &str) -> Text {
    format!("Invalid data. Expected a dictionary, but got {kind}.").into()
}

pub(crate) fn wrong_length(expected: usize) -> Text {
    format!("Ensure this field has exactly {expected} elements.").into()
}
