//! What stored rows become.

use provost_store::bulk::{self, Cell, tables};
use provost_store::{Options, Store};

/// Whether somebody whose role is defined with these effects may do what they are about.
async fn allowed(effects: &[&str]) -> bool {
    let store = Store::open(&Options::at("sqlite::memory:")).await.unwrap();
    store.migrate().await.unwrap();
    let given = ["g", "user^ada", "role^reader", "lib^*", ""];
    let defined = effects
        .iter()
        .map(|effect| ["p", "role^reader", "act^read", "lib^*", effect]);
    let rows = (1..).zip(std::iter::once(given).chain(defined));
    let rows = rows.map(|(id, texts)| {
        let texts = texts.into_iter().chain(["", ""]);
        let cells = texts.map(|text| Cell::Text(text.to_owned()));
        std::iter::once(Cell::Int(id)).chain(cells).collect()
    });
    let tx = store.begin().await.unwrap();
    let table = &tables::CASBIN_RULES;
    bulk::upsert(&tx, table, rows.collect()).await.unwrap();
    tx.commit().await.unwrap();
    let engine = super::compile(store.read(), 0).await.unwrap();
    engine.decide("user^ada", "act^read", "lib^lib:O:L").allowed
}

#[tokio::test]
async fn only_a_definition_that_says_so_allows_and_one_that_denies_wins() {
    for (effects, expected) in [
        (&["allow"][..], true),
        (&[" allow\n"], true),
        (&[""], false),
        (&["Allow"], false),
        (&["permit"], false),
        (&["Deny"], false),
        (&["deny"], false),
        (&["allow", "deny"], false),
        (&["allow", " deny"], false),
        (&["allow", "Deny"], true),
    ] {
        assert_eq!(allowed(effects).await, expected, "{effects:?}");
    }
}
