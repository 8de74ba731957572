//! A part of a suite, for one of several machines.

use sha2::{Digest, Sha256};

/// `I/N`: the part of a suite that one of several machines runs.
///
/// A case goes where a hash of its file's path and its name says. So it stays on its machine whatever cases come or go beside
/// it, and machines need not agree on more than `N`. The price is that the parts are only about as large as each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    index: u64,
    count: u64,
}

impl Shard {
    /// Reads `2/5`.
    pub fn parse(text: &str) -> Result<Shard, String> {
        let wrong = || format!("`{text}` is not a shard: write `I/N` with I from 1 to N, as in `2/5`");
        let (index, count) = text.split_once('/').ok_or_else(wrong)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        match (digits(index), digits(count)) {
            (Some(index), Some(count)) if index >= 1 && index <= count => Ok(Shard { index, count }),
            _ => Err(wrong()),
        }
    }

    /// Whether a case is in this part: `spec` is the path of its file relative to the project root, with `/`.
    pub fn takes(self, spec: &str, case: &str) -> bool {
        let digest = Sha256::new().chain_update(spec).chain_update([0]).chain_update(case).finalize();
        let number = digest.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
        number % self.count == self.index - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shards(count: u64) -> Vec<Shard> {
        (1..=count).map(|index| Shard::parse(&format!("{index}/{count}")).expect("a shard")).collect()
    }

    #[test]
    fn only_parts_of_a_whole_are_shards() {
        assert_eq!(Shard::parse("2/5"), Ok(Shard { index: 2, count: 5 }));
        for wrong in ["", "1", "0/3", "4/3", "1/0", "+1/3", "a/b", "1/3/5", "-1/3", "/", "1/99999999999999999999"] {
            assert!(Shard::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_case_is_in_one_shard_and_none_is_far_larger_than_the_others() {
        let shards = shards(5);
        let mut sizes = [0; 5];
        for number in 0..5_000 {
            let (spec, case) = (format!("specs/{}.toml", number / 10), format!("case {}", number % 10));
            let taken: Vec<usize> = (0..5).filter(|index| shards[*index].takes(&spec, &case)).collect();
            assert_eq!(taken.len(), 1, "{spec} {case}");
            sizes[taken[0]] += 1;
        }
        assert!(sizes.iter().all(|size| (900..1_100).contains(size)), "{sizes:?}");
    }

    /// The machines of one run may have different versions, and a case should not move when the program is updated.
    #[test]
    fn where_a_case_goes_is_fixed_for_ever() {
        let place = |spec: &str, case: &str| {
            let shards = shards(1_000);
            (0..1_000).find(|index| shards[*index].takes(spec, case))
        };
        assert_eq!(place("specs/a.toml", "opens a ticket"), Some(690));
        assert_eq!(place("specs/a.toml", "refused / 401"), Some(801));
        assert_ne!(place("specs/a", "b"), place("specs/", "ab"), "the two are kept apart");
    }
}
