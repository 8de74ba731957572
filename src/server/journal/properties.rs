//! What holds for any file.

use std::fs;

use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::Builder;

use super::*;

/// Bytes as they come, and pieces of which journals consist.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"{}\n".to_vec()),
        Just(b"{\"id\":1,\"request\":{}}\n".to_vec()),
        Just(b"{\"id\":".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(vec![0; 40]),
        prop::collection::vec(any::<u8>(), 0..30),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    // Each case waits for the disk a few times.
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_file_is_read_and_opened_without_losing_an_entry(bytes in bytes()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        fs::write(&path, &bytes).unwrap();
        let before = read(&path, usize::MAX).unwrap();
        match Journal::open(&path, ROTATE_AT_BYTES) {
            Ok((journal, recovered)) => {
                prop_assert_eq!(recovered.kept_bytes + recovered.torn_bytes, bytes.len() as u64);
                let runtime = Builder::new_current_thread().build().unwrap();
                runtime.block_on(journal.append("{\"id\":2}".to_string())).unwrap();
                let after = read(&path, usize::MAX).unwrap();
                let expected: Vec<_> = before.lines.into_iter().chain([json!({ "id": 2 })]).collect();
                prop_assert_eq!(after.lines, expected);
            }
            Err(error) => {
                prop_assert!(matches!(error, JournalError::NotAJournal { .. }), "{}", error);
                prop_assert_eq!(fs::read(&path).unwrap(), bytes);
            }
        }
    }

    #[test]
    fn a_journal_cut_anywhere_is_opened_with_all_lines_before(cut in any::<prop::sample::Index>()) {
        let lines: Vec<String> = (0..10).map(|id| json!({ "id": id, "request": {}, "text": "\u{7f}ä\n" }).to_string() + "\n").collect();
        let whole = lines.concat();
        let cut = cut.index(whole.len() + 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        fs::write(&path, &whole.as_bytes()[..cut]).unwrap();
        drop(Journal::open(&path, ROTATE_AT_BYTES).unwrap());
        let length = lines[0].len();
        // All have the same length, and a line is whole before its line break.
        prop_assert!(lines.iter().all(|line| line.len() == length));
        prop_assert_eq!(read(&path, usize::MAX).unwrap().lines.len(), (cut + 1) / length);
        prop_assert_eq!(fs::read(&path).unwrap().len(), (cut + 1) / length * length);
    }
}
