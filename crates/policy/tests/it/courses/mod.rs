//! Who may see which course: the table of cases, and the directory.

mod consistency;

use provost_policy::courses::{Account, CourseAccess, Reason, read_uuid};

const ORGANIZATION: i64 = 70;
const OTHER: i64 = 71;
const GROUP: i64 = 40;
const OTHER_GROUP: i64 = 41;

const PRIVATE: &str = "course-v1:Blue+Private+1";
const GROUPED: &str = "course-v1:Blue+Grouped+1";
const PUBLIC: &str = "course-v1:Blue+Public+1";
const SHARED: &str = "course-v1:Blue+Shared+1";
const UNOFFERED: &str = "course-v1:Blue+Unoffered+1";
const UNKNOWN: &str = "course-v1:Blue+Unknown+1";

const ORDINARY: Account = Account {
    active: true,
    admin: false,
};
const STAFF: Account = Account {
    active: true,
    admin: true,
};
const INACTIVE: Account = Account {
    active: false,
    admin: false,
};
const INACTIVE_STAFF: Account = Account {
    active: false,
    admin: true,
};

/// People: key, account, whether an administrator of which organization, membership of which group.
type Row = (i64, Account, Option<(i64, bool)>, Option<(i64, i64)>);

const LEARNER: i64 = 1;
const MEMBER: i64 = 2;
const ADMIN: i64 = 3;
const INACTIVE_ADMIN: i64 = 4;
const INACTIVE_ADMIN_MEMBER: i64 = 5;
const SUPERUSER: i64 = 6;
const INACTIVE_SUPERUSER: i64 = 7;
const ADMIN_ELSEWHERE: i64 = 8;
const BELONGING: i64 = 9;
const INACTIVE_MEMBER: i64 = 10;
const OTHER_MEMBER: i64 = 11;
const NOBODY_KNOWN: i64 = 99;

const PEOPLE: [Row; 11] = [
    (LEARNER, ORDINARY, None, None),
    (MEMBER, ORDINARY, None, Some((502, GROUP))),
    (ADMIN, ORDINARY, Some((ORGANIZATION, true)), None),
    (INACTIVE_ADMIN, INACTIVE, Some((ORGANIZATION, true)), None),
    (
        INACTIVE_ADMIN_MEMBER,
        INACTIVE,
        Some((ORGANIZATION, true)),
        Some((505, GROUP)),
    ),
    (SUPERUSER, STAFF, None, None),
    (INACTIVE_SUPERUSER, INACTIVE_STAFF, None, None),
    (ADMIN_ELSEWHERE, ORDINARY, Some((OTHER, true)), None),
    (BELONGING, ORDINARY, Some((ORGANIZATION, false)), None),
    (INACTIVE_MEMBER, INACTIVE, None, Some((510, GROUP))),
    (OTHER_MEMBER, ORDINARY, None, Some((511, OTHER_GROUP))),
];

fn world() -> CourseAccess {
    let mut access = CourseAccess::default();
    for (id, account, belongs, membership) in PEOPLE {
        access.set_user(id, &format!("user{id}"), account);
        if let Some((organization, admin)) = belongs {
            access.add_member(id, organization, admin);
        }
        if let Some((membership, group)) = membership {
            access.join(membership, id, group);
        }
    }
    for course in [PRIVATE, GROUPED, PUBLIC, SHARED, UNOFFERED] {
        access.add_course(course);
    }
    for course in [PRIVATE, GROUPED, PUBLIC, SHARED] {
        access.add_offer(course, ORGANIZATION);
    }
    access.add_offer(SHARED, OTHER);
    access.link(GROUPED, GROUP);
    access.set_public(PUBLIC, true);
    access
}

const COLUMNS: [&str; 6] = [PRIVATE, GROUPED, PUBLIC, SHARED, UNOFFERED, UNKNOWN];

/// What decides for a person, one word for each of [`COLUMNS`].
#[rustfmt::skip]
const TABLE: [(Option<i64>, &str); 13] = [
    (None, "anonymous anonymous public anonymous anonymous anonymous"),
    (Some(LEARNER), "not_member not_member public not_member not_member not_member"),
    (Some(MEMBER), "not_member member public not_member not_member not_member"),
    // Several organizations, or none: nobody is their administrator.
    (Some(ADMIN), "organization_admin organization_admin public not_member not_member not_member"),
    (Some(INACTIVE_ADMIN), "not_member not_member public not_member not_member not_member"),
    (Some(INACTIVE_ADMIN_MEMBER), "not_member member public not_member not_member not_member"),
    (Some(SUPERUSER), "staff staff public staff staff staff"),
    (Some(INACTIVE_SUPERUSER), "not_member not_member public not_member not_member not_member"),
    (Some(ADMIN_ELSEWHERE), "not_member not_member public not_member not_member not_member"),
    (Some(BELONGING), "not_member not_member public not_member not_member not_member"),
    (Some(INACTIVE_MEMBER), "not_member member public not_member not_member not_member"),
    (Some(OTHER_MEMBER), "not_member not_member public not_member not_member not_member"),
    (Some(NOBODY_KNOWN), "not_member not_member public not_member not_member not_member"),
];

#[test]
fn the_table_of_decisions() {
    let access = world();
    for (user, expected) in TABLE {
        let verdicts = COLUMNS.map(|course| access.decide(user, course));
        assert_eq!(
            verdicts.map(|verdict| verdict.reason.word()).join(" "),
            expected,
            "{user:?}"
        );
        for verdict in verdicts {
            let refused = ["anonymous", "not_member"].contains(&verdict.reason.word());
            assert_eq!(verdict.granted, !refused, "{user:?} {verdict:?}");
        }
    }
}

#[test]
fn the_oldest_membership_that_leads_there_is_named_and_the_organization() {
    let mut access = world();
    access.join(900, OTHER_MEMBER, GROUP);
    access.link(PRIVATE, GROUP);
    access.link(PRIVATE, OTHER_GROUP);
    let member = |group, membership| Reason::Member { group, membership };
    let reason = |access: &CourseAccess, course| access.decide(Some(OTHER_MEMBER), course).reason;
    assert_eq!(reason(&access, PRIVATE), member(OTHER_GROUP, 511));
    assert_eq!(reason(&access, GROUPED), member(GROUP, 900));
    access.drop_group(OTHER_GROUP);
    assert_eq!(reason(&access, PRIVATE), member(GROUP, 900));
    let organization = ORGANIZATION;
    let of_admin = access.decide(Some(ADMIN), PRIVATE).reason;
    assert_eq!(of_admin, Reason::OrganizationAdmin { organization });
}

#[test]
fn a_host_is_looked_for_with_its_port_and_then_without() {
    let mut access = CourseAccess::default();
    let domains = [
        "mydomain.com",
        "mydomain.com:8000",
        "Upper.ORG",
        "[::1]",
        "upper.org",
    ];
    for (site, domain) in (1..).zip(domains) {
        access.add_site(site, domain);
    }
    let hosts = [
        ("mydomain.com", Some(1)),
        ("MyDomain.COM", Some(1)),
        ("mydomain.com:8000", Some(2)),
        ("MYDOMAIN.com:8000", Some(2)),
        ("mydomain.com:80", Some(1)),
        ("mydomain.com.:80", Some(1)),
        ("upper.org", Some(3)),
        ("[::1]", Some(4)),
        ("[::1]:80", Some(4)),
        ("www.mydomain.com", None),
        (":8000", None),
        ("", None),
    ];
    for (host, site) in hosts {
        assert_eq!(access.site_of(host), site, "{host}");
    }
}

#[test]
fn organizations_are_known_by_site_uuid_and_name() {
    let mut access = world();
    let uuid = "0f8FAD5B-d9cb-469f-a165-70867728950e";
    access.add_organization(ORGANIZATION, "blue", Some(uuid));
    access.add_organization(OTHER, "red", None);
    for organization in [OTHER, ORGANIZATION, OTHER] {
        access.add_site_organization(1, organization);
    }
    assert_eq!(access.organizations_of_site(1), [ORGANIZATION, OTHER]);
    assert_eq!(access.organizations_of_site(2), [0_i64; 0]);
    assert_eq!(access.short_name(ORGANIZATION), Some("blue"));
    assert_eq!(access.short_name(1), None);
    let bare = uuid.to_lowercase().replace('-', "");
    for spelling in [
        uuid,
        &bare,
        &format!("{{{bare}}}"),
        &format!("urn:uuid:{bare}"),
    ] {
        assert_eq!(
            access.organization_of_uuid(spelling),
            Some(ORGANIZATION),
            "{spelling}"
        );
    }
    let another = bare.replace('0', "1");
    assert!(read_uuid(&another).is_some());
    assert_eq!(access.organization_of_uuid(&another), None);
    for malformed in ["", "abc", &bare[1..], &format!("+{}", &bare[1..])] {
        assert_eq!(read_uuid(malformed), None, "{malformed}");
    }
}

#[test]
fn people_are_known_by_name_and_by_what_they_belong_to() {
    let mut access = world();
    assert_eq!(access.user(SUPERUSER), Some(STAFF));
    assert_eq!(access.user(NOBODY_KNOWN), None);
    assert_eq!(access.user_by_name("user3"), Some(ADMIN));
    assert_eq!(access.user_by_name("User3"), None);
    access.set_user(ADMIN, "renamed", INACTIVE);
    assert_eq!(access.user_by_name("user3"), None);
    assert_eq!(access.user_by_name("renamed"), Some(ADMIN));
    assert_eq!(access.user(ADMIN), Some(INACTIVE));
    assert!(access.is_admin_of(ADMIN, ORGANIZATION) && !access.is_admin_of(ADMIN, OTHER));
    assert!(!access.is_admin_of(BELONGING, ORGANIZATION));
    assert!(access.organizations_of(BELONGING).eq([ORGANIZATION]));
    // One of several rows is enough, whichever comes first.
    access.add_member(BELONGING, ORGANIZATION, true);
    access.add_member(BELONGING, ORGANIZATION, false);
    access.add_member(BELONGING, OTHER, false);
    assert!(access.is_admin_of(BELONGING, ORGANIZATION));
    assert!(access.organizations_of(BELONGING).eq([ORGANIZATION, OTHER]));
    assert_eq!(access.organizations_of(NOBODY_KNOWN).count(), 0);
    assert_eq!(
        access.organizations_of_course(SHARED),
        [ORGANIZATION, OTHER]
    );
    assert_eq!(access.organizations_of_course(UNKNOWN), [0_i64; 0]);
}
