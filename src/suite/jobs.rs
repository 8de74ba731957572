//! Jobs done side by side by workers that keep something costly: a runtime, a server, connections.
#![allow(clippy::disallowed_methods, reason = "cases run side by side here")]

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

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
    /// Whether no other job is begun after such an output. Those that have begun are finished.
    pub is_enough: &'a (dyn Fn(&Output) -> bool + Sync),
}

/// Does all jobs; the outputs are in the order of the jobs, whichever finishes first, with `None` for a job that was not begun.
/// A job that panics is lost alone: its worker is replaced.
pub fn run_jobs<Job: Sync, Output: Send, Worker>(jobs: &[Job], crew: &Crew<'_, Job, Output, Worker>) -> Vec<Option<Output>> {
    let next = AtomicUsize::new(0);
    let enough = AtomicBool::new(false);
    let done: Mutex<Vec<(usize, Output)>> = Mutex::new(Vec::with_capacity(jobs.len()));
    let work = || {
        let mut worker = None;
        while let Some((index, job)) = take(&next, jobs).filter(|_| !enough.load(Ordering::Relaxed)) {
            let output = do_job(crew, &mut worker, job);
            enough.fetch_or((crew.is_enough)(&output), Ordering::Relaxed);
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
    let mut outputs: Vec<Option<Output>> = jobs.iter().map(|_| None).collect();
    for (index, output) in done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()) {
        outputs[index] = Some(output);
    }
    outputs
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
            is_enough: &|_| false,
        };
        assert_eq!(run_jobs(&jobs, &crew), jobs.iter().map(|job| Some(job * 2)).collect::<Vec<_>>());
        assert_eq!(run_jobs(&[], &crew), []);
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
            is_enough: &|_| false,
        };
        let done = run_jobs(&["a", "bad", "b", "c"], &crew);
        assert_eq!(done, ["a", "bad: a fault in this program: at bad", "b", "c"].map(|output| Some(output.to_string())));
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
            is_enough: &|_| false,
        };
        assert_eq!(run_jobs(&[1, 2], &crew), ["no port is free", "no port is free"].map(|why| Some(why.to_string())));
    }

    #[test]
    fn after_enough_nothing_else_is_begun() {
        let begun = AtomicUsize::new(0);
        let mut crew = Crew {
            workers: 1,
            hire: &|| Ok(()),
            work: &|(), job: &usize| {
                begun.fetch_add(1, Ordering::Relaxed);
                *job
            },
            lost: &|_, _| 0,
            progress: &|_| {},
            is_enough: &|output| *output == 3,
        };
        assert_eq!(run_jobs(&[1, 2, 3, 4, 5], &crew), [Some(1), Some(2), Some(3), None, None]);
        crew.workers = 4;
        let jobs: Vec<usize> = (0..1_000).collect();
        let done = run_jobs(&jobs, &crew);
        assert_eq!(done.len(), jobs.len());
        assert_eq!(done.iter().flatten().count() + 3, begun.into_inner(), "what has begun is finished");
        assert_eq!(done[3], Some(3));
    }
}
