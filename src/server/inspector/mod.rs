//! The inspector: a page that shows the log, live. Plain files without a build step, embedded in the program.
//!
//! Its JavaScript asks the control API for all it shows. What comes from a request becomes text nodes (`dom.js`), and the
//! policy below forbids what could turn text into markup or script, should that ever fail.

/// One file of the page.
pub struct Asset {
    /// Below `/__hookwright/`; empty for the page itself.
    pub name: &'static str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    pub text: &'static str,
}

/// The headers that every asset is sent with, beside its `Content-Type`.
pub const HEADERS: [(&str, &str); 5] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    // An upgraded program must not meet the old page.
    ("cache-control", "no-cache"),
];

/// [Content Security Policy 3](https://www.w3.org/TR/CSP3/): nothing but the page's own files, no inline script, and with
/// [Trusted Types](https://www.w3.org/TR/trusted-types/) no way from a text to markup.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! scripts {
    ($($name:literal),+ $(,)?) => {
        [$(Asset { name: $name, content_type: SCRIPT, text: include_str!($name) }),+]
    };
}

static PAGE: Asset = Asset { name: "", content_type: "text/html; charset=utf-8", text: include_str!("index.html") };

static STYLE: Asset =
    Asset { name: "inspector.css", content_type: "text/css; charset=utf-8", text: include_str!("inspector.css") };

static SCRIPTS: [Asset; 17] = scripts![
    "actions.js",
    "announcer.js",
    "body.js",
    "checks.js",
    "detail.js",
    "dialogs.js",
    "dom.js",
    "filters.js",
    "inspector.js",
    "keys.js",
    "list.js",
    "log.js",
    "offers.js",
    "problems.js",
    "server.js",
    "theme.js",
    "words.js",
];

/// The file of this name below `/__hookwright/`.
pub fn asset(name: &str) -> Option<&'static Asset> {
    assets().find(|asset| asset.name == name)
}

/// Every file of the page.
pub fn assets() -> impl Iterator<Item = &'static Asset> {
    [&PAGE, &STYLE].into_iter().chain(&SCRIPTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_the_page_asks_for_is_there() {
        let mut asked = Vec::new();
        for asset in assets() {
            for mark in ["from \"./", "src=\"", "rel=\"stylesheet\" href=\""] {
                let found = asset.text.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
                asked.extend(found.map(|name| (asset.name, name)));
            }
        }
        assert!(asked.len() > 20, "{asked:?}");
        let missing: Vec<_> = asked.into_iter().filter(|(_, name)| asset(name).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    /// The policy would block it, so it would not work.
    #[test]
    fn nothing_stands_inline() {
        for mark in ["<style", "style=", "onclick=", "onload=", "javascript:", "<script>", "<script type=\"module\">"] {
            assert!(!PAGE.text.contains(mark), "{mark}");
        }
    }

    #[test]
    fn no_script_makes_markup_or_code_of_a_text() {
        const WAYS: [&str; 8] = [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "DOMParser",
            "srcdoc",
            "eval(",
            "new Function",
        ];
        for script in &SCRIPTS {
            let found: Vec<_> = WAYS.iter().filter(|way| script.text.contains(**way)).collect();
            assert!(found.is_empty(), "{}: {found:?}", script.name);
        }
    }

    #[test]
    fn nothing_is_asked_of_the_network() {
        for asset in assets() {
            let addresses = asset.text.split("://").skip(1);
            // An example in a placeholder, and the name of a format.
            let known = ["api.example.com", "www.w3.org/2000/svg"];
            let outside: Vec<_> = addresses.filter(|rest| !known.iter().any(|known| rest.starts_with(known))).collect();
            assert!(outside.is_empty(), "{}: {outside:?}", asset.name);
        }
    }

    #[test]
    fn files_are_short() {
        for asset in assets() {
            assert!(asset.text.lines().count() < 400, "{}", asset.name);
        }
    }
}
