//! How many requests are answered in a time: a bucket of tokens that fills at a steady pace.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many requests in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub requests: u32,
    pub per: Duration,
}

impl Rate {
    /// Reads `10/s`, `100/m`, `1000/h`.
    pub fn parse(text: &str) -> Option<Rate> {
        let (requests, unit) = text.split_once('/')?;
        let seconds = match unit.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return None,
        };
        let requests = requests.trim().parse().ok().filter(|requests| *requests > 0)?;
        Some(Rate { requests, per: Duration::from_secs(seconds) })
    }
}

/// A bucket of tokens: full at first, one goes with each request.
#[derive(Debug)]
pub struct Bucket {
    rate: Rate,
    /// The tokens, and when there were so many.
    state: Mutex<(f64, Instant)>,
}

impl Bucket {
    pub fn new(rate: Rate, now: Instant) -> Bucket {
        Bucket { rate, state: Mutex::new((f64::from(rate.requests), now)) }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// When there is none: in how many seconds there will be one, at least 1.
    pub fn take(&self, now: Instant) -> Result<(), u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let most = f64::from(self.rate.requests);
        let pace = most / self.rate.per.as_secs_f64();
        let tokens = (state.0 + now.saturating_duration_since(state.1).as_secs_f64() * pace).min(most);
        let taken = tokens >= 1.0;
        *state = (if taken { tokens - 1.0 } else { tokens }, now.max(state.1));
        if taken { Ok(()) } else { Err(((1.0 - tokens) / pace).ceil().max(1.0) as u64) }
    }

    pub fn fill(&self, now: Instant) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = (f64::from(self.rate.requests), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_and_a_unit() {
        let rate = |requests, seconds| Some(Rate { requests, per: Duration::from_secs(seconds) });
        assert_eq!(Rate::parse("10/s"), rate(10, 1));
        assert_eq!(Rate::parse("1/m"), rate(1, 60));
        assert_eq!(Rate::parse("5000/h"), rate(5000, 3600));
        for wrong in ["", "10", "0/s", "-1/s", "1.5/s", "10/d", "/s", "10/", "99999999999/s"] {
            assert_eq!(Rate::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_bucket_is_emptied_and_fills_again() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let bucket = Bucket::new(Rate { requests: 2, per: Duration::from_secs(1) }, start);
        assert_eq!([bucket.take(at(0)), bucket.take(at(0)), bucket.take(at(0))], [Ok(()), Ok(()), Err(1)]);
        assert_eq!([bucket.take(at(500)), bucket.take(at(500))], [Ok(()), Err(1)]);
        // It never holds more than it is full with; and a clock that stands still gives nothing.
        assert_eq!([60_000; 3].map(|time| bucket.take(at(time))), [Ok(()), Ok(()), Err(1)]);
        bucket.fill(at(60_000));
        assert_eq!(bucket.take(at(60_000)), Ok(()));
    }

    #[test]
    fn who_has_to_wait_is_told_how_long() {
        let start = Instant::now();
        let bucket = Bucket::new(Rate { requests: 1, per: Duration::from_secs(60) }, start);
        assert_eq!(bucket.take(start), Ok(()));
        assert_eq!(bucket.take(start), Err(60));
        assert_eq!(bucket.take(start + Duration::from_secs(45)), Err(15));
    }
}
