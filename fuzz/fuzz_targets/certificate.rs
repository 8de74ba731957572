//! Any bytes as a client certificate and as CA certificates.
#![no_main]

use hookwright::certificate::{Given, authorities, identity, inspect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|certificate: &[u8]| {
    let given = Given { certificate, password: "word", authorities: &[], now: 1_767_225_600 };
    let (found, usable) = (inspect(&given), identity(&given));
    if let (Ok(found), Ok(_)) = (&found, &usable) {
        assert!(found.problems.is_empty(), "{found:?}");
    }
    let _ = authorities(certificate);
});
