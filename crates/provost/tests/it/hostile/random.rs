//! Values that are random and the same in every run.

use serde_json::{Map, Number, Value, json};

use super::texts::TEXTS;

/// A generator of Steele, Lea and Flood (`SplitMix64`).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap() % bound
    }

    pub fn text(&mut self) -> String {
        let text = TEXTS[self.below(TEXTS.len())];
        match self.below(8) {
            0 => text.repeat(300),
            1 => format!("{text}{}", TEXTS[self.below(TEXTS.len())]),
            _ => text.to_owned(),
        }
    }

    /// A JSON value of any sort, at most `depth` levels deep.
    pub fn value(&mut self, names: &[String], depth: usize) -> Value {
        match self.below(if depth == 0 { 8 } else { 11 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 0),
            2 => [json!(0), json!(-1), json!(7), json!(1.5)][self.below(4)].clone(),
            3 => {
                [json!(i64::MIN), json!(u64::MAX), json!(1e308), json!(-0.0)][self.below(4)].clone()
            }
            4 => Number::from_f64(1e19).map_or(Value::Null, Value::Number),
            5..8 => self.text().into(),
            8 => self.object(names, depth - 1),
            _ => (0..self.below(4))
                .map(|_| self.value(names, depth - 1))
                .collect(),
        }
    }

    /// An object with some of `names`, and now and then one of none.
    pub fn object(&mut self, names: &[String], depth: usize) -> Value {
        let mut object = Map::new();
        for name in names {
            if self.below(4) > 0 {
                object.insert(name.clone(), self.value(names, depth));
            }
        }
        if self.below(4) == 0 {
            object.insert(self.text(), self.value(names, depth));
        }
        object.into()
    }
}
