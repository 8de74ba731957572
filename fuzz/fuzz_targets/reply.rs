//! Any bytes as an XML document. What stands before the first NUL is an object path that is followed through it.
#![no_main]

use hookwright::selector::object_path::ObjectPath;
use hookwright::selector::{Selector, xml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let nul = bytes.iter().position(|byte| *byte == 0);
    let (path, document) = nul.map_or((&b"a"[..], bytes), |at| (&bytes[..at], &bytes[at + 1..]));
    let document = xml::document(document);
    let Ok(text) = std::str::from_utf8(path) else { return };
    match ObjectPath::compile(text) {
        Ok(path) => {
            assert!(path.steps().iter().all(|step| text.get(step.range.clone()).is_some()), "{path:?}");
            if let Ok(document) = document {
                assert_eq!(path.find(&document), Ok(path.value_in(&document).cloned()));
            }
        }
        Err(error) => assert!(text.get(error.start..error.end).is_some(), "{error:?} in {text}"),
    }
});
