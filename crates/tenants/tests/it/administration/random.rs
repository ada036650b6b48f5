//! Random files, one after the other on the same tenants.

use serde_json::{Map, Value, json};

use super::world::{applied, assert_settled, each, exported, listed, staff};

/// Numbers that look random and are the same in each run: xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == 0
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.one_in(2)),
            2 => json!(self.below(1000)),
            3 => json!(0.1),
            4 => json!(self.pick(&["", "text", "Grüße 東京", "a\nb", "~", "\"'\\", "{}", "yes"])),
            5 => json!(["a", null, {"b": []}]),
            6 => (0..self.below(3)).map(|_| self.value(depth - 1)).collect(),
            _ => self.object(depth - 1).into(),
        }
    }

    fn object(&mut self, depth: usize) -> Map<String, Value> {
        let names = [
            "MFE_CONFIG",
            "PLATFORM_NAME",
            "THEME_NAME",
            "SITE_NAME",
            "LMS_BASE",
            "a/b~c",
            "",
            "x.y",
            "EDNX_USE_SIGNAL",
        ];
        (0..self.below(4))
            .map(|_| (self.pick(&names).to_owned(), self.value(depth)))
            .collect()
    }

    /// Each of some texts, or not.
    fn some(&mut self, all: &[&str]) -> Vec<String> {
        let chosen = all.iter().filter(|_| self.one_in(2));
        chosen.map(|text| (*text).to_owned()).collect()
    }

    fn columns(&mut self, entry: &mut Value) {
        for column in ["lms_configs", "studio_configs", "theming_configs", "meta"] {
            if self.one_in(2) {
                entry[column] = self.object(2).into();
            }
        }
        if self.one_in(3) {
            entry["organizations"] = json!(self.some(&["Org1", "Org2", "Org 3"]));
        }
    }

    fn named(&mut self, name: &str, domains: &[String]) -> Value {
        let mut entry = json!({"name": name, "platform_name": self.pick(&["One", "Zwei", "三"]), "domains": domains});
        entry["org_filter"] = json!(self.some(&["Org1", "Org2"]));
        if self.one_in(3) {
            entry["unset"] = json!(self.some(&[
                "/lms_configs/MFE_CONFIG/SITE_NAME",
                "/lms_configs/LMS_BASE",
                "/theming_configs"
            ]));
        }
        self.columns(&mut entry);
        entry
    }

    fn keyed(&mut self, key: &str, domains: &[String]) -> Value {
        let mut entry = json!({"external_key": key, "domains": domains, "lms_configs": {}});
        self.columns(&mut entry);
        if self.one_in(2) {
            entry["lms_configs"]["course_org_filter"] =
                self.pick(&[json!("Org1"), json!(["Org2", "Org1"]), json!(null)]);
        }
        entry
    }

    /// A file in which every domain leads to one tenant, whichever.
    fn file(&mut self) -> Value {
        const DOMAINS: [&str; 9] = ["d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9"];
        let mut tenants = vec![Vec::new(); 6];
        for domain in DOMAINS {
            let owner = self.below(8);
            if let Some(domains) = tenants.get_mut(owner) {
                domains.push(domain.to_owned());
            }
        }
        let mut entries = Vec::new();
        for (number, domains) in tenants.into_iter().enumerate() {
            if self.one_in(4) {
                continue;
            }
            entries.push(if number < 3 {
                self.named(&format!("t{number}"), &domains)
            } else {
                self.keyed(&format!("key {number}"), &domains)
            });
        }
        json!({"tenants": entries})
    }
}

#[tokio::test]
async fn after_any_file_there_is_nothing_to_do_for_it_nor_for_the_export() {
    each(async |world| {
        let staff = staff(world).await;
        let mut random = Random(0x5eed);
        for round in 0..40 {
            let mut file = random.file();
            let about = format!("round {round}");
            file["prune"] = json!(true);
            applied(&staff, &file).await;
            assert_settled(&staff, &file, &about).await;
            let export = exported(&staff).await;
            assert_settled(&staff, &export, &about).await;
            let expected = file["tenants"].as_array().unwrap().len();
            assert_eq!(listed(&staff).await.len(), expected, "{about}");
        }
    })
    .await;
}
