//! Jobs done side by side by workers that keep something costly: a runtime, a server, connections.
#![allow(clippy::disallowed_methods, reason = "cases run side by side here")]

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Who does the jobs and how.
pub struct Crew<'a, Job, Output, Worker> {
    /// How many work at once; at least one does.
    pub workers: usize,
    /// Makes a worker, on the thread that it will work on.
    pub hire: &'a (dyn Fn() -> Result<Worker, String> + Sync),
    pub work: &'a (dyn Fn(&mut Worker, &Job) -> Output + Sync),
    /// What comes of a job when no worker could be made, or the worker panicked.
    pub lost: &'a (dyn Fn(&Job, &str) -> Output + Sync),
    /// Called after each job, in the order they finish, one call at a time.
    pub progress: &'a (dyn Fn(&Output) + Sync),
}

/// Does all jobs; the outputs are in the order of the jobs, whichever finishes first. A job that panics is lost alone: its
/// worker is replaced.
pub fn run_jobs<Job: Sync, Output: Send, Worker>(jobs: &[Job], crew: &Crew<'_, Job, Output, Worker>) -> Vec<Output> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Output)>> = Mutex::new(Vec::with_capacity(jobs.len()));
    let work = || {
        let mut worker = None;
        while let Some((index, job)) = take(&next, jobs) {
            let output = do_job(crew, &mut worker, job);
            let mut done = done.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            (crew.progress)(&output);
            done.push((index, output));
        }
    };
    std::thread::scope(|scope| {
        let helpers = crew.workers.clamp(1, jobs.len().max(1)) - 1;
        let helpers: Vec<_> = (0..helpers).map(|_| scope.spawn(work)).collect();
        work();
        drop(helpers);
    });
    let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, output)| output).collect()
}

fn take<'a, Job>(next: &AtomicUsize, jobs: &'a [Job]) -> Option<(usize, &'a Job)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(index).map(|job| (index, job))
}

fn do_job<Job, Output, Worker>(crew: &Crew<'_, Job, Output, Worker>, worker: &mut Option<Worker>, job: &Job) -> Output {
    // After a panic the worker is dropped, so nothing half-done is seen again.
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        let mut able = match worker.take() {
            Some(able) => able,
            None => (crew.hire)()?,
        };
        let output = (crew.work)(&mut able, job);
        *worker = Some(able);
        Ok::<Output, String>(output)
    }));
    match attempt {
        Ok(Ok(output)) => output,
        Ok(Err(why)) => (crew.lost)(job, &why),
        Err(panic) => (crew.lost)(job, &format!("a fault in this program: {}", panic_message(panic.as_ref()))),
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it does not say what happened")
}

/// `I/N`: the part of a suite that one of several machines runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    index: usize,
    count: usize,
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

    /// Whether the job at a position (from 0) of the whole suite is in this part. Neighbours go to different machines, since
    /// the cases of one file take alike.
    pub fn takes(self, position: usize) -> bool {
        position % self.count == self.index - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;
    use std::time::Duration;

    #[test]
    fn outputs_are_in_the_order_of_the_jobs() {
        let jobs: Vec<u64> = (0..40).collect();
        let seen = Mutex::new(Vec::new());
        let crew = Crew {
            workers: 4,
            hire: &|| Ok(Rc::new("not even Send")),
            work: &|_, job: &u64| {
                std::thread::sleep(Duration::from_millis((40 - job) % 7));
                job * 2
            },
            lost: &|_, _| 0,
            progress: &|output| seen.lock().expect("no panic").push(*output),
        };
        assert_eq!(run_jobs(&jobs, &crew), jobs.iter().map(|job| job * 2).collect::<Vec<_>>());
        assert_eq!(run_jobs(&[], &crew), [0; 0]);
        assert_eq!(seen.lock().expect("no panic").len(), 40);
    }

    #[test]
    fn a_panic_loses_one_job_and_its_worker() {
        let hired = AtomicUsize::new(0);
        let crew = Crew {
            workers: 1,
            hire: &|| Ok(hired.fetch_add(1, Ordering::Relaxed)),
            work: &|_, job: &&str| if *job == "bad" { panic!("at {job}") } else { job.to_string() },
            lost: &|job, why| format!("{job}: {why}"),
            progress: &|_| {},
        };
        assert_eq!(run_jobs(&["a", "bad", "b", "c"], &crew), ["a", "bad: a fault in this program: at bad", "b", "c"]);
        assert_eq!(hired.into_inner(), 2);
    }

    #[test]
    fn without_a_worker_every_job_says_why() {
        let crew: Crew<'_, u8, String, ()> = Crew {
            workers: 3,
            hire: &|| Err("no port is free".into()),
            work: &|(), _| "done".into(),
            lost: &|_, why| why.into(),
            progress: &|_| {},
        };
        assert_eq!(run_jobs(&[1, 2], &crew), ["no port is free", "no port is free"]);
    }

    #[test]
    fn shards_cover_everything_once() {
        let shards: Vec<Shard> = (1..=3).map(|index| Shard::parse(&format!("{index}/3")).expect("a shard")).collect();
        for position in 0..20 {
            assert_eq!(shards.iter().filter(|shard| shard.takes(position)).count(), 1);
        }
        for wrong in ["", "1", "0/3", "4/3", "1/0", "+1/3", "a/b", "1/3/5", "-1/3"] {
            assert!(Shard::parse(wrong).is_err(), "{wrong}");
        }
    }
}
