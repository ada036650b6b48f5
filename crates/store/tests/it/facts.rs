//! What the index of course access is built of: all rows, a chunk at a time.

use provost_store::Tx;
use provost_store::bulk::{self, Cell, Kind, Table, tables};
use provost_store::course_access::facts::{self, MemberFact, UserFact};
use serde_json::{Value, json};

use crate::support::{course, each_database, new_user, noon, organization};

/// Writes rows that are said as objects; what they leave out is empty.
async fn write(tx: &Tx, table: &'static Table, rows: &[Value]) {
    let cells = |row: &Value| {
        let columns = table.columns.iter();
        let mut cells: Vec<Cell> = columns
            .map(|column| match (&row[column.name], column.kind) {
                (Value::Null, _) if column.nullable => Cell::Null,
                (said, Kind::Bool) => Cell::Bool(said.as_bool().unwrap_or_default()),
                (said, Kind::Int) => Cell::Int(said.as_i64().unwrap_or_default()),
                (said, Kind::Text) => Cell::Text(said.as_str().unwrap_or_default().to_owned()),
                (_, Kind::Time) => Cell::Time(noon()),
                (_, Kind::Json) => Cell::Json(json!({})),
            })
            .collect();
        cells.extend(table.links.iter().map(|link| {
            let keys = row[link.table].as_array().into_iter().flatten();
            Cell::Keys(keys.filter_map(Value::as_i64).collect())
        }));
        cells
    };
    let rows = rows.iter().map(cells).collect();
    bulk::upsert(tx, table, rows).await.unwrap();
}

async fn people(tx: &Tx) -> Vec<i64> {
    let mut ids = Vec::new();
    for (name, active, staff, superuser) in [
        ("ada", true, false, false),
        ("Ben", false, true, false),
        ("cyd", true, false, true),
        ("retired__dov", true, true, false),
    ] {
        let mut new = new_user(name);
        (new.is_active, new.is_staff, new.is_superuser) = (active, staff, superuser);
        ids.push(provost_store::users::create(tx, &new).await.unwrap().id);
    }
    write(
        tx,
        &tables::RETIREMENTS,
        &[json!({"id": 1, "user_id": ids[3]})],
    )
    .await;
    ids
}

#[test]
fn accounts_and_where_they_belong() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ids = people(&tx).await;
        let org = organization(&tx, "Org1").await;
        let rows = [(7, ids[0], true), (9, ids[1], false)];
        let rows = rows.map(|(id, user, admin)| {
            json!({"id": id, "user_id": user, "organization_id": org, "is_admin": admin})
        });
        write(&tx, &tables::ORGANIZATION_MEMBERS, &rows).await;
        let fact = |at: usize, username: &str, is_active, is_admin| UserFact {
            id: ids[at],
            username: username.to_owned(),
            is_active,
            is_admin,
        };
        let all = [
            fact(0, "ada", true, false),
            fact(1, "Ben", false, true),
            fact(2, "cyd", true, true),
        ];
        assert_eq!(facts::users(&tx, i64::MIN, 100).await.unwrap(), all);
        assert_eq!(facts::users(&tx, ids[0], 1).await.unwrap(), all[1..2]);
        let members = facts::members(&tx, 7, 100).await.unwrap();
        let ben = MemberFact {
            id: 9,
            user_id: ids[1],
            organization_id: org,
            is_admin: false,
        };
        assert_eq!(members, [ben]);
        let members = facts::members(&tx, 0, 1).await.unwrap();
        assert!(members[0].is_admin && members[0].user_id == ids[0]);
    });
}

#[test]
fn groups_courses_and_what_ties_them() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ids = people(&tx).await;
        let org = organization(&tx, "Org1").await;
        for key in ["b", "a", "B"] {
            course(&tx, key).await;
        }
        let group = json!({"id": 3, "organization_id": org});
        write(&tx, &tables::ACCESS_GROUPS, &[group]).await;
        let rows = [(5, ids[2]), (4, ids[0])];
        let rows = rows.map(|(id, user)| json!({"id": id, "user_id": user, "group_id": 3}));
        write(&tx, &tables::ACCESS_MEMBERSHIPS, &rows).await;
        let rows = ["b", "a"].map(|key| json!({"id": 1, "course_id": key, "group_id": 3}));
        write(&tx, &tables::GROUP_COURSES, &rows[..1]).await;
        write(&tx, &tables::PUBLIC_COURSES, &rows[1..]).await;
        let rows = [(1, "a", true), (2, "b", false), (3, "gone", true)].map(|(id, key, active)| {
            json!({"id": id, "course_id": key, "organization_id": org, "active": active})
        });
        write(&tx, &tables::ORGANIZATION_COURSES, &rows).await;

        let memberships = facts::memberships(&tx, 0, 100).await.unwrap();
        assert_eq!(memberships, [(4, ids[0], 3), (5, ids[2], 3)]);
        let one = facts::memberships(&tx, 4, 1).await.unwrap();
        assert_eq!(one, memberships[1..]);
        let text = str::to_owned;
        assert_eq!(
            facts::links(&tx, 0, 100).await.unwrap(),
            [(1, text("b"), 3)]
        );
        assert_eq!(facts::flags(&tx, 0, 100).await.unwrap(), [(1, text("a"))]);
        let offers = facts::offers(&tx, 0, 100).await.unwrap();
        assert_eq!(offers, [(1, text("a"), org), (3, text("gone"), org)]);
        assert_eq!(facts::courses(&tx, "", 100).await.unwrap(), ["B", "a", "b"]);
        assert_eq!(facts::courses(&tx, "B", 1).await.unwrap(), ["a"]);
    });
}

#[test]
fn what_is_kept_apart_from_an_organization_counts_first() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let sites = [(1, "one.org"), (2, "Two.org"), (3, "three.org")]
            .map(|(id, domain)| json!({"id": id, "domain": domain}));
        write(&tx, &tables::SITES, &sites).await;
        let [own, kept] = ["11111111", "22222222"].map(|start| {
            let uuid = format!("{start}-0000-4000-8000-000000000000");
            assert_eq!(uuid.len(), 36);
            uuid
        });
        let organizations = [
            json!({"id": 1, "short_name": "one", "uuid": own, "organization_sites": [1, 2]}),
            json!({"id": 2, "short_name": "two", "organization_sites": [2, 1]}),
            json!({"id": 3, "short_name": "three"}),
        ];
        write(&tx, &tables::ORGANIZATIONS, &organizations).await;
        let db: &provost_store::Db = &tx;
        assert_eq!(
            facts::sites(db).await.unwrap()[1],
            (2, "Two.org".to_owned())
        );
        let pairs = facts::site_organizations(db).await.unwrap();
        assert_eq!(pairs, [(1, 1), (1, 2), (2, 1), (2, 2)]);

        let rows = [(1, 1, 1, &kept), (2, 3, 3, &own)].map(|(id, organization, site, uuid)| {
            json!({"id": id, "organization_id": organization, "site_id": site, "site_uuid": uuid})
        });
        write(&tx, &tables::TAHOE_SITES, &rows).await;
        let pairs = facts::site_organizations(db).await.unwrap();
        assert_eq!(pairs, [(1, 1), (2, 1), (2, 2), (3, 3)]);
        let found = facts::organizations(db).await.unwrap();
        let expected = [
            (1, "one", Some(kept)),
            (2, "two", None),
            (3, "three", Some(own)),
        ]
        .map(|(id, name, uuid)| (id, name.to_owned(), uuid));
        assert_eq!(found, expected);
    });
}
