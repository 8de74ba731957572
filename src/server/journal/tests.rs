use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use super::*;

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

fn line(id: usize) -> String {
    json!({ "id": id, "request": {}, "text": "ä".repeat(id % 50) }).to_string()
}

/// The ids that are read back.
fn ids(path: &Path) -> Vec<usize> {
    ids_of(&read(path, usize::MAX).unwrap())
}

fn ids_of(read: &ReadBack) -> Vec<usize> {
    read.lines.iter().map(|line| usize::try_from(line["id"].as_u64().unwrap()).unwrap()).collect()
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    (folder, path)
}

/// Appends lines one after the other.
fn append(journal: &Journal, ids: impl IntoIterator<Item = usize>) {
    runtime().block_on(async {
        for id in ids {
            journal.append(line(id)).await.unwrap();
        }
    });
}

fn open(path: &Path) -> (Journal, Recovered) {
    Journal::open(path, ROTATE_AT_BYTES).unwrap()
}

#[test]
fn what_has_resolved_is_in_the_file() {
    let (_folder, path) = place();
    let (journal, recovered) = open(&path);
    assert_eq!(recovered, Recovered::default());
    append(&journal, 1..=3);
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{}\n{}\n{}\n", line(1), line(2), line(3)));
    drop(journal);
    let (journal, recovered) = open(&path);
    assert_eq!(recovered, Recovered { kept_bytes: fs::metadata(&path).unwrap().len(), torn_bytes: 0 });
    append(&journal, 4..=5);
    assert_eq!(ids(&path), [1, 2, 3, 4, 5]);
    let read = read(&path, 2).unwrap();
    assert_eq!((ids_of(&read), read.skipped, read.is_cut), (vec![4, 5], 0, false));
}

#[test]
fn an_append_can_be_sent_to_another_thread_and_outlives_its_borrow() {
    fn holds<T: Send + 'static>(future: T) -> T {
        future
    }
    let (_folder, path) = place();
    let (journal, _) = open(&path);
    let future = holds(journal.append(line(1)));
    let journal = std::sync::Arc::new(holds(journal));
    std::thread::spawn(move || runtime().block_on(future)).join().unwrap().unwrap();
    assert_eq!(ids(&path), [1]);
    drop(journal);
}

#[test]
fn many_at_a_time_are_all_written_in_whole_lines() {
    let (_folder, path) = place();
    let (journal, _) = open(&path);
    let append_all = |ids: std::ops::Range<usize>| {
        runtime().block_on(async {
            let mut tasks = JoinSet::new();
            for id in ids {
                tasks.spawn(journal.append(line(id)));
            }
            while let Some(result) = tasks.join_next().await {
                result.unwrap().unwrap();
            }
        });
    };
    thread::scope(|scope| {
        scope.spawn(|| append_all(0..5_000));
        scope.spawn(|| append_all(5_000..10_000));
    });
    let mut found = ids(&path);
    found.sort_unstable();
    assert!(found.into_iter().eq(0..10_000));
}

#[test]
fn what_waits_when_the_journal_is_closed_is_written_and_later_lines_are_refused() {
    let (_folder, path) = place();
    let (journal, _) = open(&path);
    runtime().block_on(async {
        let mut early = JoinSet::new();
        for id in 0..100 {
            early.spawn(journal.append(line(id)));
        }
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let late = journal.append(line(100));
        journal.close();
        assert!(matches!(late.await, Err(JournalFailure::Closed)));
        while let Some(result) = early.join_next().await {
            result.unwrap().unwrap();
        }
    });
    assert_eq!(ids(&path).len(), 100);
}

#[test]
fn a_line_that_could_not_be_read_back_is_refused() {
    let (_folder, path) = place();
    let (journal, _) = open(&path);
    let (several, long, longest) = runtime().block_on(async {
        let padded = |bytes: usize| format!("{{\"id\":1,\"text\":\"{}\"}}", "x".repeat(bytes - 18));
        let several = journal.append("{}\n{}".to_string()).await;
        let long = journal.append(padded(MAX_LINE_BYTES + 1)).await;
        (several, long, journal.append(padded(MAX_LINE_BYTES)).await)
    });
    assert!(matches!(several, Err(JournalFailure::SeveralLines)));
    assert!(matches!(long, Err(JournalFailure::TooLong { .. })));
    assert!(longest.is_ok());
    assert_eq!(ids(&path), [1]);
}

#[test]
fn a_torn_last_line_is_cut_off_and_nothing_else() {
    let whole = format!("{}\n{}\n", line(1), line(2));
    for torn in ["{\"id\":3", "{", "\0\0\0\0", "{\"id\":3\n", "\n", "\u{ff}", "[3]\n", "3"] {
        let (_folder, path) = place();
        fs::write(&path, format!("{whole}{torn}")).unwrap();
        let (journal, recovered) = open(&path);
        let expected = Recovered { kept_bytes: whole.len() as u64, torn_bytes: torn.len() as u64 };
        assert_eq!(recovered, expected, "{torn:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), whole, "{torn:?}");
        append(&journal, [4]);
        assert_eq!(ids(&path), [1, 2, 4], "{torn:?}");
    }
}

#[test]
fn a_last_line_that_only_lacks_its_line_break_stays() {
    let (_folder, path) = place();
    let text = format!("{}\n{}", line(1), line(2));
    fs::write(&path, &text).unwrap();
    let (journal, recovered) = open(&path);
    assert_eq!(recovered, Recovered { kept_bytes: text.len() as u64, torn_bytes: 0 });
    append(&journal, [3]);
    assert_eq!(ids(&path), [1, 2, 3]);
}

#[test]
fn a_first_line_that_is_torn_leaves_an_empty_journal() {
    let (_folder, path) = place();
    fs::write(&path, "{\"id\":1,\"te").unwrap();
    let (journal, recovered) = open(&path);
    assert_eq!(recovered, Recovered { kept_bytes: 0, torn_bytes: 11 });
    append(&journal, [1]);
    assert_eq!(ids(&path), [1]);
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_stays_as_it_is() {
    for text in [
        "a note\n",
        "{\n  \"name\": \"package\"\n}\n",
        "[1]\n[2",
        "\0\0\0",
        "\n",
        "{\"torn\n{}\n",
        "{\"a\":1}\n",
        "{\"a\":1}",
        "{\"id\":1}\n",
        "{a",
        "{\"id\":18446744073709551615,\"request\":{}}\n",
    ] {
        let (_folder, path) = place();
        fs::write(&path, text).unwrap();
        let refused = Journal::open(&path, ROTATE_AT_BYTES).err().unwrap();
        assert!(matches!(refused, JournalError::NotAJournal { .. }), "{text:?}: {refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_journal_is_open_once() {
    let (_folder, path) = place();
    let (first, _) = open(&path);
    let refused = Journal::open(&path, ROTATE_AT_BYTES).err().unwrap();
    assert!(matches!(refused, JournalError::InUse { .. }));
    assert!(refused.to_string().starts_with("another process writes to the journal `"));
    drop(first);
    open(&path);
}

#[test]
fn a_journal_in_the_middle_of_a_rotation_is_in_use() {
    let (_folder, path) = place();
    fs::write(rotation::rotated(&path, 1), line(1)).unwrap();
    let full = fs::File::open(rotation::rotated(&path, 1)).unwrap();
    full.lock().unwrap();
    assert!(matches!(Journal::open(&path, ROTATE_AT_BYTES), Err(JournalError::InUse { .. })));
    drop(full);
    open(&path);
}

#[test]
fn a_rotated_journal_keeps_all_lines_in_order_and_stays_locked() {
    let (_folder, path) = place();
    let (journal, _) = Journal::open(&path, 1000).unwrap();
    append(&journal, 0..40);
    assert_eq!(ids(&path), Vec::from_iter(0..40));
    assert!(rotation::rotated(&path, 2).exists());
    for number in 0..=2 {
        let file = if number == 0 { path.clone() } else { rotation::rotated(&path, number) };
        assert!(fs::metadata(file).unwrap().len() <= 1000);
    }
    assert!(matches!(Journal::open(&path, 1000), Err(JournalError::InUse { .. })));
    let newest = read(&path, 30).unwrap();
    assert_eq!((ids_of(&newest), newest.is_cut), (Vec::from_iter(10..40), false));
    assert_eq!(journal.rotation_failure(), None);
}

#[test]
fn lines_that_come_together_are_parted_where_the_file_is_full() {
    let (_folder, path) = place();
    let (journal, _) = Journal::open(&path, 500).unwrap();
    runtime().block_on(async {
        let mut tasks = JoinSet::new();
        for id in 0..30 {
            tasks.spawn(journal.append(line(id)));
        }
        while let Some(result) = tasks.join_next().await {
            result.unwrap().unwrap();
        }
    });
    assert_eq!(ids(&path), Vec::from_iter(0..30));
    assert!(fs::metadata(rotation::rotated(&path, 1)).unwrap().len() <= 500);
}

#[test]
fn the_last_full_files_are_kept_and_a_free_number_is_taken_first() {
    let (_folder, path) = place();
    let (journal, _) = Journal::open(&path, 0).unwrap();
    append(&journal, 0..20);
    assert_eq!(ids(&path), Vec::from_iter(20 - KEPT_FILES - 1..20));
    assert!(!rotation::rotated(&path, KEPT_FILES + 1).exists());
    fs::remove_file(rotation::rotated(&path, 2)).unwrap();
    append(&journal, [20]);
    assert_eq!(ids(&path), [14, 15, 16, 18, 19, 20]);
}

#[test]
fn a_journal_that_cannot_be_rotated_grows_and_says_so() {
    let (_folder, path) = place();
    for number in 1..=KEPT_FILES {
        fs::create_dir_all(rotation::rotated(&path, number).join("in the way")).unwrap();
    }
    let (journal, _) = Journal::open(&path, 1000).unwrap();
    append(&journal, 0..40);
    assert_eq!(ids(&path), Vec::from_iter(0..40));
    assert!(journal.rotation_failure().is_some());
    for number in 1..=KEPT_FILES {
        fs::remove_dir_all(rotation::rotated(&path, number)).unwrap();
    }
    append(&journal, 40..60);
    assert_eq!(ids(&path), Vec::from_iter(0..60));
    assert_eq!(journal.rotation_failure(), None);
}

#[test]
fn a_journal_is_read_in_order_while_it_is_written_and_rotated() {
    let (_folder, path) = place();
    let (journal, _) = Journal::open(&path, 600).unwrap();
    append(&journal, 0..20);
    thread::scope(|scope| {
        let writer = scope.spawn(|| append(&journal, 20..1_000));
        while !writer.is_finished() {
            let seen = ids_of(&read(&path, 10).unwrap());
            assert_eq!(seen.len(), 10);
            assert!(seen.is_sorted_by(|one, next| one + 1 == *next), "{seen:?}");
        }
    });
}

#[test]
fn broken_lines_are_skipped_and_counted() {
    let (_folder, path) = place();
    let long = format!("{{\"id\":9,\"text\":\"{}\"}}", "x".repeat(MAX_LINE_BYTES));
    let nested = "[".repeat(100_000);
    let text = format!("{}\n{{\"id\":2\n[3]\n\n{long}\n{nested}\n{}\n{{\"to", line(4), line(5));
    fs::write(&path, text).unwrap();
    let back = read(&path, usize::MAX).unwrap();
    assert_eq!((ids_of(&back), back.skipped), (vec![4, 5], 6));
    assert_eq!(ids_of(&read(&path, 1).unwrap()), [5]);
    assert_eq!(ids_of(&read(&path, 0).unwrap()), [0; 0]);
}

#[test]
fn not_more_is_read_back_than_the_limits() {
    let (_folder, path) = place();
    let (journal, _) = Journal::open(&path, 1_000).unwrap();
    append(&journal, 0..40);
    let text = line(39).len() + line(38).len() + line(37).len();
    let back = read::read_within(&path, usize::MAX, text, u64::MAX).unwrap();
    assert_eq!((ids_of(&back), back.is_cut), (vec![37, 38, 39], true));
    let back = read::read_within(&path, usize::MAX, text - 1, u64::MAX).unwrap();
    assert_eq!((ids_of(&back), back.is_cut), (vec![38, 39], true));
    let newest = ids_of(&read::read_within(&path, usize::MAX, usize::MAX, 1).unwrap());
    assert!(newest.len() < 40 && newest.ends_with(&[39]), "one file and no other: {newest:?}");
}

#[test]
fn a_journal_whose_first_file_is_missing_is_read_from_the_others() {
    let (_folder, path) = place();
    fs::write(rotation::rotated(&path, 1), line(1)).unwrap();
    assert_eq!(ids(&path), [1]);
    fs::remove_file(rotation::rotated(&path, 1)).unwrap();
    assert!(read(&path, 1).err().unwrap().to_string().contains("journal.jsonl`: "));
}

#[test]
fn a_folder_is_no_journal() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read(folder.path(), 1), Err(JournalError::NotAFile { .. })));
    assert!(matches!(Journal::open(folder.path(), 1), Err(JournalError::NotAFile { .. })));
    assert!(matches!(Journal::open(&folder.path().join("none/journal"), 1), Err(JournalError::File { .. })));
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn only_its_owner_may_read_a_journal() {
        let (_folder, path) = place();
        let (journal, _) = Journal::open(&path, 0).unwrap();
        append(&journal, 0..2);
        for path in [path.clone(), rotation::rotated(&path, 1)] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_link_stands_for_its_file_and_stays_one() {
        let (folder, link) = place();
        let real = folder.path().join("real.jsonl");
        symlink(&real, &link).unwrap();
        let (journal, _) = Journal::open(&link, 100).unwrap();
        append(&journal, 0..8);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(rotation::rotated(&real, 1).exists() && !rotation::rotated(&link, 1).exists());
        assert_eq!(ids(&link), ids(&real));
    }

    #[test]
    fn a_link_to_itself_is_an_error() {
        let (_folder, path) = place();
        symlink(&path, &path).unwrap();
        assert!(matches!(read(&path, 1), Err(JournalError::File { .. })));
        assert!(matches!(Journal::open(&path, 1), Err(JournalError::File { .. })));
    }
}

#[cfg(target_os = "linux")]
mod on_linux {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_pipe_is_refused_and_one_among_the_full_files_is_left_out() {
        let (_folder, path) = place();
        let pipe = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        pipe(&path);
        assert!(matches!(read(&path, 1), Err(JournalError::NotAFile { .. })));
        assert!(matches!(Journal::open(&path, 1), Err(JournalError::NotAFile { .. })));
        fs::remove_file(&path).unwrap();
        pipe(&rotation::rotated(&path, 1));
        let (journal, _) = open(&path);
        append(&journal, [1]);
        assert_eq!(ids(&path), [1]);
    }

    #[test]
    fn a_device_that_is_full_fails_every_append_and_none_hangs() {
        let (journal, recovered) = Journal::open(Path::new("/dev/full"), 10).unwrap();
        assert_eq!(recovered, Recovered::default());
        for id in 0..5 {
            let failure = runtime().block_on(journal.append(line(id))).unwrap_err();
            assert!(matches!(&failure, JournalFailure::Write(error) if error.kind() == std::io::ErrorKind::StorageFull));
            assert!(failure.to_string().starts_with("the journal cannot be written: "));
        }
    }

    #[test]
    fn a_device_without_end_is_not_read() {
        assert!(matches!(read(Path::new("/dev/zero"), 1), Err(JournalError::NotAFile { .. })));
        let (journal, _) = Journal::open(Path::new("/dev/null"), 10).unwrap();
        append(&journal, 0..5);
    }

    #[test]
    fn a_huge_file_without_lines_is_refused_after_its_end() {
        let (_folder, path) = place();
        fs::write(&path, line(1) + "\n").unwrap();
        fs::OpenOptions::new().append(true).open(&path).unwrap().set_len(1 << 40).unwrap();
        assert!(matches!(Journal::open(&path, 1), Err(JournalError::NotAJournal { .. })));
        assert_eq!(fs::metadata(&path).unwrap().len(), 1 << 40);
    }
}
