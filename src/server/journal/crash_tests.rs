//! Journals of other processes: one that is killed, and one that may write no further. The test program is started again.

use std::collections::HashSet;
use std::env;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::json;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

use super::*;

/// Where the other process keeps its journal; absent in this one.
const IN_THE_OTHER: &str = "HOOKWRIGHT_TEST_JOURNAL";

/// Small enough for a few rotations, large enough that no file goes.
const ROTATE_AT: u64 = 60_000;
const LINES: usize = 2_000;

fn line(id: usize) -> String {
    json!({ "id": id, "request": {}, "text": "x".repeat(id % 100) }).to_string()
}

fn path_in_the_other() -> Option<PathBuf> {
    env::var_os(IN_THE_OTHER).map(PathBuf::from)
}

fn ids(path: &Path) -> HashSet<usize> {
    let lines = read(path, usize::MAX).unwrap().lines;
    lines.iter().map(|line| usize::try_from(line["id"].as_u64().unwrap()).unwrap()).collect()
}

/// Two threads with four tasks each; what is on disk is told, one id a line.
fn append_and_tell(path: &Path) {
    let (journal, _) = Journal::open(path, ROTATE_AT).unwrap();
    thread::scope(|scope| {
        for thread in 0..2 {
            let journal = &journal;
            scope.spawn(move || {
                Builder::new_current_thread().build().unwrap().block_on(async {
                    let appends = (thread * 4..thread * 4 + 4).map(|first| append_every_eighth(journal, first));
                    appends.collect::<JoinSet<()>>().join_all().await;
                });
            });
        }
    });
}

fn append_every_eighth(journal: &Journal, first: usize) -> impl Future<Output = ()> + use<> {
    let appends: Vec<_> = (first..LINES).step_by(8).map(|id| (id, journal.append(line(id)))).collect();
    async move {
        for (id, append) in appends {
            append.await.unwrap();
            std::io::stdout().write_all(format!("\nacknowledged {id}\n").as_bytes()).unwrap();
        }
    }
}

#[test]
fn a_process_that_is_killed_loses_no_acknowledged_line() {
    if let Some(path) = path_in_the_other() {
        return append_and_tell(&path);
    }
    let mut killed_early = 0;
    for round in 0..12 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let random = RandomState::new().hash_one(round);
        let acknowledged = acknowledged_before_a_kill(&path, random as usize % 1_500, Duration::from_micros(random % 3_001));
        let (journal, recovered) = Journal::open(&path, ROTATE_AT).unwrap();
        let found = ids(&path);
        let lost: Vec<&usize> = acknowledged.difference(&found).collect();
        assert!(lost.is_empty(), "lost {lost:?} of {}, {recovered:?}", acknowledged.len());
        killed_early += usize::from(acknowledged.len() < LINES);
        drop(journal);
    }
    assert!(killed_early > 0, "the processes were killed while they wrote");
}

/// Kills the other process some time after it has told of so many lines.
fn acknowledged_before_a_kill(path: &Path, lines: usize, pause: Duration) -> HashSet<usize> {
    let name = "a_process_that_is_killed_loses_no_acknowledged_line";
    let mut child = other(name, path).stdout(Stdio::piped()).spawn().unwrap();
    let told = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = HashSet::new();
    let mut is_killed = false;
    for text in told.map_while(Result::ok) {
        acknowledged.extend(text.strip_prefix("acknowledged ").and_then(|id| id.parse::<usize>().ok()));
        if acknowledged.len() > lines && !is_killed {
            thread::sleep(pause);
            child.kill().unwrap();
            is_killed = true;
        }
    }
    child.wait().unwrap();
    assert!(acknowledged.len() > lines, "it wrote {} lines", acknowledged.len());
    acknowledged
}

/// This test program, for one test alone.
fn other(name: &str, path: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", &format!("server::journal::crash_tests::{name}"), "--nocapture"]).env(IN_THE_OTHER, path);
    command
}

/// A limit on the size of files stands in for a disk that is full, and has room again.
#[cfg(target_os = "linux")]
#[test]
fn a_write_that_fails_leaves_whole_lines_and_later_ones_work() {
    if let Some(path) = path_in_the_other() {
        return fill_up(&path);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let program = other("a_write_that_fails_leaves_whole_lines_and_later_ones_work", &path);
    // The signal that such a write sends as well would end the process.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ && exec \"$@\"", "sh"]).arg(program.get_program()).args(program.get_args());
    let output = shell.env(IN_THE_OTHER, &path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(read(&path, usize::MAX).unwrap().skipped, 0);
    assert!(fs::read(&path).unwrap().ends_with(b"\n"));
}

#[cfg(target_os = "linux")]
fn fill_up(path: &Path) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let runtime = Builder::new_current_thread().build().unwrap();
    let (journal, _) = Journal::open(path, ROTATE_AT_BYTES).unwrap();
    let append = |id| runtime.block_on(journal.append(line(id)));
    let unlimited = getrlimit(Resource::Fsize);
    setrlimit(Resource::Fsize, Rlimit { current: Some(1000), maximum: unlimited.maximum }).unwrap();

    let before = (0..100).take_while(|id| append(*id).is_ok()).count();
    assert!((5..50).contains(&before));
    let failure = append(99).unwrap_err();
    assert!(
        matches!(&failure, JournalFailure::Write(error) if error.kind() == std::io::ErrorKind::FileTooLarge),
        "{failure}"
    );
    let length = fs::metadata(path).unwrap().len();
    assert!(length < 1000, "the part that fitted is taken away again");
    assert!(append(0).is_ok(), "a line that fits");

    setrlimit(Resource::Fsize, unlimited).unwrap();
    (200..300).for_each(|id| append(id).unwrap());
    assert_eq!(ids(path), (0..before).chain(200..300).collect());
}
