//! What deriving keys may cost: a file says itself how many rounds it takes, and a hostile one says too many.

use super::invalid::{Invalid, Problem};
use super::{MAX_DERIVATION_ROUNDS, MAX_SCRYPT_BYTES};

/// The rounds that are left for one file.
pub(super) struct Costs {
    rounds: u64,
}

impl Costs {
    pub(super) fn new() -> Costs {
        Costs { rounds: MAX_DERIVATION_ROUNDS }
    }

    /// Takes rounds of a hash, before they are done.
    pub(super) fn spend(&mut self, rounds: u64) -> Result<(), Invalid> {
        match self.rounds.checked_sub(rounds) {
            Some(left) => {
                self.rounds = left;
                Ok(())
            }
            None => Err(too_costly(format!("deriving its keys takes more than {MAX_DERIVATION_ROUNDS} rounds"))),
        }
    }

    /// Takes what scrypt (RFC 7914) costs with these parameters: memory for N blocks and for p, and time for N times p.
    pub(super) fn spend_on_scrypt(&mut self, n: u64, r: u64, p: u64) -> Result<(), Invalid> {
        let block = 128_u64.saturating_mul(r);
        if block.saturating_mul(n).saturating_add(block.saturating_mul(p)) > MAX_SCRYPT_BYTES {
            return Err(too_costly(format!("deriving its key takes more than {} MiB of memory", MAX_SCRYPT_BYTES >> 20)));
        }
        self.spend(n.saturating_mul(r).saturating_mul(p))
    }
}

fn too_costly(why: String) -> Invalid {
    Invalid::new(Problem::TooCostly, format!("the certificate is not opened: {why}"))
}
