//! The objects that a body names: people, groups and courses of the working organization.

use provost_app::{App, Error};
use provost_drf::{Invalid, Payload, Problem, Reference};
use provost_keys::course;
use provost_store::Fault;
use provost_store::course_access::{self as store, courses, groups, people};

/// What a body names and the organization has. A name that finds nothing is in `wrong`; one that
/// was not sent, or sent as null, is in neither: whether it had to be is the body's own rule.
#[derive(Default)]
pub(crate) struct Named {
    pub(crate) user: Option<store::PersonRef>,
    pub(crate) group: Option<store::Named>,
    pub(crate) course: Option<store::CourseRef>,
    wrong: Option<Invalid>,
}

/// A member of a body that names an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    User,
    Group,
    Course,
}

impl Member {
    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Course => "course",
        }
    }

    /// Whether what was sent is a key at all.
    fn takes(self, sent: &Reference) -> bool {
        match self {
            Self::User | Self::Group => sent.id().is_some(),
            Self::Course => course::is_key(sent.as_str()),
        }
    }

    fn refusal(self, sent: &Reference) -> Invalid {
        self.unknown(sent.as_str())
    }

    /// The refusal of what there is nothing of, or nothing any more.
    pub(crate) fn unknown(self, sent: &str) -> Invalid {
        let text = match self {
            Self::User => format!("Invalid user key: {sent}"),
            Self::Group => format!("Invalid group id: {sent}"),
            Self::Course => format!("Invalid course key: {sent}"),
        };
        Invalid::field(self.name(), text)
    }
}

/// Looks up the `members` of a body that were sent. The organization is asked for only then, as
/// the reference does: a body that names nothing is judged before the organization is.
///
/// # Errors
/// What is wrong with the organization; a fault of the store.
pub(crate) async fn look_up(
    app: &App,
    organization: impl FnOnce() -> Result<i64, Problem>,
    body: &Payload,
    members: &[Member],
) -> Result<Named, Error> {
    let sent: Vec<(Member, Reference)> = members
        .iter()
        .filter_map(|member| Some((*member, Reference::of(body.get(member.name())?)?)))
        .collect();
    let mut named = Named::default();
    // What is no key at all names nothing in any organization.
    let (keys, others): (Vec<_>, Vec<_>) = sent
        .into_iter()
        .partition(|(member, reference)| member.takes(reference));
    for (member, reference) in others {
        named.refuse(member.refusal(&reference));
    }
    if keys.is_empty() {
        return Ok(named);
    }
    let organization = organization()?;
    for (member, reference) in keys {
        if !named.find(app, organization, member, &reference).await? {
            named.refuse(member.refusal(&reference));
        }
    }
    Ok(named)
}

impl Named {
    /// Whether there is what a member names.
    async fn find(
        &mut self,
        app: &App,
        organization: i64,
        member: Member,
        reference: &Reference,
    ) -> Result<bool, Fault> {
        let db = app.store().read();
        match (member, reference.id()) {
            (Member::User, Some(id)) => {
                self.user = people::assignable(db, organization, id).await?;
                Ok(self.user.is_some())
            }
            (Member::Group, Some(id)) => {
                let group = groups::find(db, organization, id).await?;
                self.group = group.map(|group| store::Named {
                    id: group.id,
                    name: group.name,
                });
                Ok(self.group.is_some())
            }
            (Member::Course, _) => {
                self.course = courses::offered(db, organization, reference.as_str()).await?;
                Ok(self.course.is_some())
            }
            _ => Ok(false),
        }
    }

    fn refuse(&mut self, invalid: Invalid) {
        match &mut self.wrong {
            Some(all) => all.extend(invalid),
            none => *none = Some(invalid),
        }
    }

    /// The body's own fields, with whatever is wrong with them and with the names together.
    pub(crate) fn with<T>(&mut self, fields: Result<T, Problem>) -> Result<T, Problem> {
        match (fields, self.wrong.take()) {
            (Ok(fields), None) => Ok(fields),
            (Ok(_), Some(wrong)) => Err(wrong.into()),
            (Err(Problem::Invalid(mut invalid)), Some(wrong)) => {
                invalid.extend(wrong);
                Err(invalid.into())
            }
            (Err(problem), _) => Err(problem),
        }
    }
}
